// The map of grids: they are shown to everybody, and drawn by those whose page has the form.
import "leaflet/dist/leaflet.css";
import "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css";
import "./map.css";
import L from "leaflet";
import "@geoman-io/leaflet-geoman-free";

const COLOURS = ["#1a5fb4", "#a3310f", "#0c6b2b", "#7a2a8c", "#7a5200", "#005c63", "#a01850", "#3d3f9e"]; // as in map.css
const CHINA = [[18, 74], [53, 135]];

const data = JSON.parse(document.getElementById("map-data").textContent);
const map = L.map("map", { zoomControl: false, attributionControl: Boolean(data.tiles) });
L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
map.pm.setLang("zh");
if (data.tiles) {
  map.attributionControl.setPrefix(false);
  L.tileLayer(data.tiles[0], { attribution: data.tiles[1], maxZoom: 20 }).addTo(map);
}

const look = (id) => ({ color: COLOURS[data.names[id]?.[1] ?? 0], weight: 3, fillOpacity: 0.12 });
const layers = new Map(); // by the grid's id
for (const grid of data.grids) put(grid.id, grid.shape);
for (const [longitude, latitude, name, address] of data.buildings) {
  L.circleMarker([latitude, longitude], { radius: 5, color: "#1b2434", weight: 2, fillColor: "#fff", fillOpacity: 1, pmIgnore: true })
    .bindTooltip(name)
    .on("click", () => !drawing && location.assign(address))
    .addTo(map);
}
let drawing = "";
show();

function put(id, shape) {
  layers.get(id)?.remove();
  const layer = L.geoJSON(shape, { style: look(id) }).getLayers()[0].addTo(map);
  dress(id, layer);
  layers.set(id, layer);
  return layer;
}

function dress(id, layer) {
  const [said] = data.names[id] ?? [data.grids.find((grid) => grid.id === id)?.name ?? ""];
  layer.unbindTooltip();
  layer.bindTooltip(document.createTextNode(said), { permanent: true, direction: "center", className: "nl-map-name" });
  layer.on("click", () => !drawing && choose(id));
  layer.on("pm:edit pm:markerdragend pm:vertexadded pm:vertexremoved", write);
}

function show() {
  const all = L.featureGroup([...layers.values(), ...data.buildings.map(([longitude, latitude]) => L.marker([latitude, longitude]))]);
  const bounds = all.getBounds();
  map.fitBounds(bounds.isValid() ? bounds.pad(0.1) : CHINA, { maxZoom: 18, animate: false });
}

// Drawing: the form's textarea holds what will be saved, so that the page works alike by hand.
const form = document.getElementById("bounds");
const grid = form?.elements.grid;
const text = form?.elements.shape;
const said = document.getElementById("map-said");

function choose(id) {
  for (const [other, layer] of layers) layer.setStyle({ weight: other === id ? 6 : 3 });
  const layer = layers.get(id);
  if (layer) map.fitBounds(layer.getBounds().pad(0.2), { maxZoom: 18 });
  if (!form) return;
  stop();
  grid.value = id;
  write();
  tell(layer ? "" : `${data.names[id]?.[0] ?? ""}还没有范围，请点“画新的”。`);
}

function write() {
  const layer = layers.get(grid.value);
  text.value = layer ? JSON.stringify(layer.toGeoJSON(6).geometry) : "";
}

function tell(words) {
  said.textContent = words;
}

function stop() {
  drawing = "";
  map.pm.disableDraw();
  for (const layer of layers.values()) layer.pm.disable();
  for (const button of document.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", "false");
}

const tools = {
  draw() {
    tell("点出每个角，点回第一个角就画好了；按 Esc 不画了。");
    map.pm.enableDraw("Polygon", { snappable: true, allowSelfIntersection: false, templineStyle: look(grid.value), hintlineStyle: { ...look(grid.value), dashArray: "5,5" } });
  },
  edit() {
    tell("拖动角上的点；拖两点中间的小点会多出一个角；在点上按右键去掉它。");
    layers.get(grid.value).pm.enable({ allowSelfIntersection: false, snappable: true });
  },
  cut() {
    tell("圈出要挖去的一块，点回第一个角就挖掉了。");
    map.pm.enableDraw("Cut", { layersToCut: [layers.get(grid.value)], allowSelfIntersection: false });
  },
};

function use(tool) {
  if (tool !== "reset" && !grid.value) {
    tell("请先选网格。");
    grid.focus();
    return;
  }
  if ((tool === "edit" || tool === "cut") && !layers.has(grid.value)) {
    tell("这个网格还没有范围，请点“画新的”。");
    return;
  }
  const again = drawing === tool;
  stop();
  if (tool === "reset") return reset();
  if (again) return write();
  drawing = tool;
  document.querySelector(`[data-tool=${tool}]`).setAttribute("aria-pressed", "true");
  tools[tool]();
}

function reset() {
  const stored = data.grids.find((one) => one.id === grid.value);
  if (stored) put(stored.id, stored.shape);
  else {
    layers.get(grid.value)?.remove();
    layers.delete(grid.value);
  }
  write();
  tell("已还原。");
}

function take(layer, made) {
  layer?.remove();
  made.setStyle(look(grid.value));
  layers.set(grid.value, made);
  dress(grid.value, made);
  stop();
  write();
  tell("画好了，核对后请保存。");
}

function startForm() {
  document.getElementById("tools").hidden = false;
  document.getElementById("shape-file").hidden = false;
  for (const button of document.querySelectorAll("[data-tool]")) button.addEventListener("click", () => use(button.dataset.tool));
  map.on("pm:create", ({ layer }) => take(layers.get(grid.value), layer));
  map.on("pm:cut", ({ originalLayer, layer }) => take(originalLayer, layer));
  map.on("pm:drawend", () => drawing && drawing !== "edit" && stop());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drawing) return;
    stop();
    write();
    tell("");
  });
  grid.addEventListener("change", () => choose(grid.value));
  text.addEventListener("change", read);
  document.getElementById("shape-from").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    text.value = await file.text();
    read();
  });
  if (text.value) read();
  else if (grid.value) choose(grid.value);
}

// What was pasted is shown at once where it can be read; whether it is good is for the server to say.
function read() {
  if (!grid.value) return tell("请先选网格。");
  try {
    const shape = JSON.parse(text.value);
    map.fitBounds(put(grid.value, shape).getBounds().pad(0.2), { maxZoom: 18 });
    tell("已画在图上，核对后请保存。");
  } catch {
    tell("这段内容画不出来，请核对后再保存。");
  }
}

if (form) startForm();
for (const button of document.querySelectorAll("[data-choose]")) {
  button.addEventListener("click", () => {
    choose(button.dataset.choose);
    (form ? grid : map.getContainer()).focus();
  });
}
