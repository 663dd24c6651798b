// The page is whole without this: it counts the times on, offers the code of the text that arrives, and tells in the page's
// language what a code looks like. Nothing it changes is announced.
(() => {
  'use strict';
  const page = document.querySelector('.page');
  const form = document.querySelector('.code');
  const field = document.getElementById('code');
  const units = JSON.parse(page.dataset.units);
  const begun = Date.now();

  // A reload then looks again and sends nothing twice.
  if (page.dataset.path) history.replaceState(null, '', page.dataset.path);

  const amount = (n, unit) => {
    const forms = units[unit];
    const range = Object.keys(forms).find((key) => key.split(',').some((part) => {
      const [from, to] = part.split('-').map(Number);
      return part.includes('-') && from <= n % 100 && n % 100 <= to;
    }));
    return (forms[n] ?? forms[range] ?? forms['*']).replaceAll('{n}', n);
  };
  const duration = (seconds, isWait) => {
    const round = (unit) => isWait ? Math.ceil(seconds / unit) : Math.floor(seconds / unit);
    if (seconds >= 7200) return amount(round(3600), 'hours');
    if (isWait ? seconds > 90 : seconds >= 60) return amount(round(60), 'minutes');
    return isWait ? amount(Math.max(1, seconds), 'seconds') : page.dataset.less;
  };

  const tick = () => {
    const passed = Math.floor((Date.now() - begun) / 1000);
    for (const element of document.querySelectorAll('[data-left]')) {
      const text = duration(Math.max(0, element.dataset.left - passed), false);
      if (element.textContent !== text) element.textContent = text;
    }
    for (const button of document.querySelectorAll('[data-wait]')) {
      const left = button.dataset.wait - passed;
      const text = left > 0 ? button.dataset.later.replace('{time}', duration(left, true)) : button.dataset.now;
      if (button.textContent !== text) button.textContent = text;
      button.form.classList.toggle('wait', left > 0);
    }
  };
  setInterval(tick, 1000);

  if (!form || !field) return;
  field.addEventListener('invalid', () => field.setCustomValidity(field.title));
  field.addEventListener('input', () => field.setCustomValidity(''));

  let isSent = false;
  form.addEventListener('submit', (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  addEventListener('pageshow', () => { isSent = false; });

  if ('OTPCredential' in window) {
    const abort = new AbortController();
    for (const each of document.forms) each.addEventListener('submit', () => abort.abort());
    navigator.credentials.get({ otp: { transport: ['sms'] }, signal: abort.signal }).then((credential) => {
      if (!credential || isSent) return;
      field.value = credential.code;
      form.requestSubmit();
    }, () => {});
  }
})();
