# What the processes of compose/run are started with: ports, throwaway keys, environments (sourced by it, not run).
# Tests hold every name in here against the daemons' own tables through `compose/run --environment`.
# shellcheck shell=bash disable=SC2154

# name, the variable that overrides its port, the usual port
port_table=(
    "sandbox OTP_SANDBOX_PORT 8080"
    "ingest OTP_INGEST_PORT 8081"
    "sender OTP_SENDER_PORT 8082"
    "verifier OTP_VERIFIER_PORT 8083"
    "reaper OTP_REAPER_PORT 8084"
    "kafka OTP_SANDBOX_KAFKA_PORT 19092"
)
declare -A ports=() environments=()

choose_ports() {
    local row name variable usual
    for row in "${port_table[@]}"; do
        read -r name variable usual <<<"$row"
        if [[ -n ${!variable:-} ]]; then
            is_port "${!variable}" || die 64 "$variable must be a port, 1 to 65535 (it is ${!variable@Q})"
            ports[$name]=$((10#${!variable}))
        elif [[ $port_choice == free ]]; then
            ports[$name]=$(free_port)
        else
            ports[$name]=$usual
        fi
    done
}

# A free port below the range that outgoing connections take theirs from, and none of those chosen already.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        if ! is_taken "$port" && [[ " ${ports[*]} " != *" $port "* ]]; then
            echo "$port"
            return
        fi
    done
}

# Before anything starts: one line for the first port that can't be had.
check_ports() {
    local row name variable port
    local -A owners=()
    for row in "${port_table[@]}"; do
        read -r name variable _ <<<"$row"
        port=${ports[$name]}
        [[ -z ${owners[$port]:-} ]] || die 64 "port $port is wanted by $(title "$name") and ${owners[$port]}"
        owners[$port]=$(title "$name")
        ! is_taken "$port" ||
            die 75 "port $port is taken, $(title "$name") wants it: set $variable, or use --ports free"
    done
}

title() { if [[ $1 == kafka ]]; then echo "the sandbox's Kafka"; else echo "otp-$1"; fi; }

# Keys are made anew for every run and stand in no file. The mock broker has no transactions, hence at-least-once, and
# does not wake a waiting fetch, hence the short wait; a rebalance there takes the session timeout.
make_environments() {
    local name url=http://127.0.0.1
    local shared
    # One that is set is kept, so that the operator's commands can be tried on the sandbox.
    admin_token=${OTP_ADMIN_TOKEN:-$(random_token)}
    shared=$(
        cat <<END
OTP_SHOPIFY_CLIENT_ID=sandbox-client-id
OTP_SHOPIFY_CLIENT_SECRET=$(random_token)
OTP_TWILIO_ACCOUNT_SID=AC00000000000000000000000000000000
OTP_TWILIO_AUTH_TOKEN=$(random_token)
OTP_TWILIO_MESSAGING_SERVICE_SID=MG00000000000000000000000000000000
OTP_ADMIN_TOKEN=$admin_token
OTP_LOG_LEVEL=${OTP_LOG_LEVEL:-info}
END
    )
    local daemons
    daemons=$(
        cat <<END
$shared
OTP_KAFKA_BROKERS=127.0.0.1:${ports[kafka]}
OTP_KAFKA_OPTIONS=fetch.wait.max.ms=5,session.timeout.ms=3000,heartbeat.interval.ms=300
OTP_DELIVERY=at-least-once
OTP_ID_KEY=$(random_key)
OTP_KEYRING=sandbox:$(random_key)
OTP_PUBLIC_URL=$url:${ports[verifier]}
OTP_WEBHOOK_URL=$url:${ports[ingest]}
OTP_SHOPIFY_URL=$url:${ports[sandbox]}/shopify/{shop}
OTP_TWILIO_URL=$url:${ports[sandbox]}/twilio
OTP_ALLOW_SHORT_TIMERS=1
OTP_LIMITS=phoneShopDay=1000,phoneShopMonth=1000,phoneDay=1000,phoneMonth=1000,shopRangeHour=1000,rangeUnverified=1000
OTP_TEXT_RATE=0
OTP_TRUSTED_PROXIES=127.0.0.1
OTP_BCRYPT_COST=${OTP_BCRYPT_COST:-10}
END
    )
    for name in ingest sender verifier reaper; do
        environments[$name]="$daemons"$'\n'"OTP_HTTP_BIND=127.0.0.1:${ports[$name]}"
    done
    environments[sandbox]=$(
        cat <<END
$shared
OTP_HTTP_BIND=127.0.0.1:${ports[sandbox]}
OTP_SANDBOX_KAFKA=127.0.0.1:${ports[kafka]}
OTP_SANDBOX_INGEST_URL=$url:${ports[ingest]}
OTP_SANDBOX_SENDER_URL=$url:${ports[sender]}
OTP_SANDBOX_VERIFIER_URL=$url:${ports[verifier]}
OTP_SANDBOX_REAPER_URL=$url:${ports[reaper]}
END
    )
}

# A line "# otp-NAME" before each process's own.
print_environments() {
    local name
    for name in "${processes[@]}"; do printf '# otp-%s\n%s\n' "$name" "${environments[$name]}"; done
}
