// The one entry of every page: the look, htmx for parts that change, Alpine (without eval) for what stays in the page.
import "@tabler/core/dist/css/tabler.min.css";
import "./nianlun.css";
import htmx from "htmx.org";
import Alpine from "@alpinejs/csp";

window.htmx = htmx;
htmx.config.includeIndicatorStyles = false; // the content security policy allows no style of its making
htmx.config.allowEval = false;

window.Alpine = Alpine;
Alpine.start();
