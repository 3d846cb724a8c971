// Behaviour on top of pages that already work without it; nothing here is needed to read or send.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { NotificationBanner } from "govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { listenForQuickExit } from "./quick_exit.js";

// The components refuse to start without this class; GOV.UK sets it in an inline script,
// which our content policy forbids.
document.body.classList.add("govuk-frontend-supported");

for (const Component of [Button, ErrorSummary, NotificationBanner, SkipLink]) {
  for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    new Component(element);
  }
}

// The server never learns the part of an address behind #: the same page in another language opens there, too.
for (const link of document.querySelectorAll("a[data-keeps-place]")) {
  link.addEventListener("click", () => {
    link.hash = location.hash;
  });
}

for (const form of document.querySelectorAll("form.quick-exit")) listenForQuickExit(form);
