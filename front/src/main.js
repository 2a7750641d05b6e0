// The one entry of every page: the look, htmx for parts that change, Alpine (without eval) for what stays in the page.
import "@tabler/core/dist/css/tabler.min.css";
import "./nianlun.css";
import "./security.css";
import "./ground.css";
import "./groups.js";
import "./people.css";
import htmx from "htmx.org";
import Alpine from "@alpinejs/csp";
import { startBinding } from "./binding.js";
import { askBeforeSending } from "./confirm.js";
import "./desk.js";
import { startDesigner } from "./designer.js";
import { forgetSentDraft } from "./ledger_drafts.js";
import { startLedgers } from "./ledgers.js";
import { watchSecrets } from "./reveal.js";
import { startRegisters } from "./registers.js";
import { startReview } from "./review.js";
import { startSearch } from "./search.js";
import { watchSheets } from "./sheets.js";
import { watchUploads } from "./upload.js";

window.htmx = htmx;
htmx.config.includeIndicatorStyles = false; // the content security policy allows no style of its making
htmx.config.allowEval = false;
htmx.config.defaultSettleDelay = 0; // a form that was just swapped in must not be sent before htmx knows it
// A refusal (422) or a clash (409) carries a message to show; other errors do not.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "409", swap: true },
  { code: "...", swap: false, error: true },
];

Alpine.data("shell", () => ({
  open: false,
  toggle() {
    this.open = !this.open;
  },
  get shown() {
    return this.open ? "show" : "";
  },
}));

window.Alpine = Alpine;
askBeforeSending(document);
startRegisters(document);
startReview();
startBinding(document);
forgetSentDraft();
startLedgers(document);
startDesigner(document);
startSearch();
watchSheets();
watchUploads();
watchSecrets(document);
Alpine.start();
