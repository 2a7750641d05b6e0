import { defineConfig } from "vite";

// The bundle lands in the room `ui`, with the manifest by which django-vite finds the hashed names.
export default defineConfig({
  base: "/static/build/",
  build: {
    outDir: "../src/nianlun/ui/static/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    rolldownOptions: {
      input: ["src/main.js", "src/map.js"], // the map has a bundle of its own, which only its page asks for
      checks: { eval: false, bundlerTimings: false, pluginTimings: false }, // htmx has one, which its setting allowEval and the content security policy keep shut
    },
  },
});
