extension ShopifyDelivery {
    /// Whether it is a topic of Shopify's, ours or not: `orders/edited`, `customer.tags_added`. What is none was never
    /// subscribed to by anybody.
    public static func isShopifys(_ topic: String) -> Bool {
        topics.contains(topic)
            || known.contains(topic.replacing("/", with: "_").replacing(".", with: "_"))
    }

    /// WebhookSubscriptionTopic of Shopify's Admin API 2026-04, in lower case.
    private static let known = Set(
        """
        app_purchases_one_time_update app_scopes_update app_subscriptions_approaching_capped_amount \
        app_subscriptions_update app_uninstalled audit_events_admin_api_activity bulk_operations_finish \
        carts_create carts_update channels_delete checkouts_create checkouts_delete checkouts_update \
        collections_create collections_delete collections_update collection_listings_add \
        collection_listings_remove collection_listings_update collection_publications_create \
        collection_publications_delete collection_publications_update companies_create companies_delete \
        companies_update company_contacts_create company_contacts_delete company_contacts_update \
        company_contact_roles_assign company_contact_roles_revoke company_locations_create \
        company_locations_delete company_locations_update customers_create customers_delete customers_disable \
        customers_email_marketing_consent_update customers_enable customers_marketing_consent_update \
        customers_merge customers_purchasing_summary customers_update customer_account_settings_update \
        customer_groups_create customer_groups_delete customer_groups_update customer_joined_segment \
        customer_left_segment customer_payment_methods_create customer_payment_methods_revoke \
        customer_payment_methods_update customer_tags_added customer_tags_removed \
        delivery_promise_settings_update discounts_create discounts_delete discounts_redeemcode_added \
        discounts_redeemcode_removed discounts_update disputes_create disputes_update domains_create \
        domains_destroy domains_update draft_orders_create draft_orders_delete draft_orders_update \
        finance_app_staff_member_delete finance_app_staff_member_grant finance_app_staff_member_revoke \
        finance_app_staff_member_update finance_kyc_information_update fulfillments_create fulfillments_update \
        fulfillment_events_create fulfillment_events_delete fulfillment_holds_added fulfillment_holds_released \
        fulfillment_orders_cancellation_request_accepted fulfillment_orders_cancellation_request_rejected \
        fulfillment_orders_cancellation_request_submitted fulfillment_orders_cancelled \
        fulfillment_orders_fulfillment_request_accepted fulfillment_orders_fulfillment_request_rejected \
        fulfillment_orders_fulfillment_request_submitted \
        fulfillment_orders_fulfillment_service_failed_to_complete fulfillment_orders_hold_released \
        fulfillment_orders_line_items_prepared_for_local_delivery \
        fulfillment_orders_line_items_prepared_for_pickup fulfillment_orders_manually_reported_progress_stopped \
        fulfillment_orders_merged fulfillment_orders_moved fulfillment_orders_order_routing_complete \
        fulfillment_orders_placed_on_hold fulfillment_orders_progress_reported fulfillment_orders_rescheduled \
        fulfillment_orders_scheduled_fulfillment_order_ready fulfillment_orders_split inventory_items_create \
        inventory_items_delete inventory_items_update inventory_levels_connect inventory_levels_disconnect \
        inventory_levels_update inventory_shipments_add_items inventory_shipments_create \
        inventory_shipments_delete inventory_shipments_mark_in_transit inventory_shipments_receive_items \
        inventory_shipments_remove_items inventory_shipments_update_item_quantities \
        inventory_shipments_update_tracking inventory_transfers_add_items inventory_transfers_cancel \
        inventory_transfers_complete inventory_transfers_ready_to_ship inventory_transfers_remove_items \
        inventory_transfers_update_item_quantities locales_create locales_destroy locales_update \
        locations_activate locations_create locations_deactivate locations_delete locations_update \
        markets_backup_region_update markets_create markets_delete markets_update metafield_definitions_create \
        metafield_definitions_delete metafield_definitions_update metaobjects_create metaobjects_delete \
        metaobjects_update orders_cancelled orders_create orders_delete orders_edited orders_fulfilled \
        orders_link_requested orders_paid orders_partially_fulfilled orders_risk_assessment_changed \
        orders_shopify_protect_eligibility_changed orders_updated order_transactions_create \
        payment_schedules_due payment_terms_create payment_terms_delete payment_terms_update products_create \
        products_delete products_update product_feeds_create product_feeds_full_sync \
        product_feeds_full_sync_finish product_feeds_incremental_sync product_feeds_update product_listings_add \
        product_listings_remove product_listings_update product_publications_create product_publications_delete \
        product_publications_update profiles_create profiles_delete profiles_update refunds_create \
        returns_approve returns_cancel returns_close returns_decline returns_process returns_reopen \
        returns_request returns_update reverse_deliveries_attach_deliverable reverse_fulfillment_orders_dispose \
        scheduled_product_listings_add scheduled_product_listings_remove scheduled_product_listings_update \
        segments_create segments_delete segments_update selling_plan_groups_create selling_plan_groups_delete \
        selling_plan_groups_update shipping_addresses_create shipping_addresses_update shop_update \
        subscription_billing_attempts_challenged subscription_billing_attempts_failure \
        subscription_billing_attempts_success subscription_billing_cycles_skip \
        subscription_billing_cycles_unskip subscription_billing_cycle_edits_create \
        subscription_billing_cycle_edits_delete subscription_billing_cycle_edits_update \
        subscription_contracts_activate subscription_contracts_cancel subscription_contracts_create \
        subscription_contracts_expire subscription_contracts_fail subscription_contracts_pause \
        subscription_contracts_update tax_services_create tax_services_update tender_transactions_create \
        themes_create themes_delete themes_publish themes_update variants_in_stock variants_out_of_stock
        """.split(separator: " ").map(String.init))
}
