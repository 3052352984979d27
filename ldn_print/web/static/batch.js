// Ticks all or none and counts the files without asking the server; without a script the server does both.
"use strict";
const form = document.getElementById("many"), count = document.getElementById("count");

function ticked(name) { return form.querySelectorAll(`input[name=${name}]:checked`).length; }

function tell() {
  const papers = form.elements.paper.value === "both" ? 2 : 1;
  const kinds = [...form.querySelectorAll("input[name=format]:checked")].reduce((sum, box) => sum + (box.value === "pdf" ? papers : 1), 0);
  const packet = form.elements.edition.value === "packet";
  const sheets = packet ? Math.min(1, ticked("sheet")) : ticked("sheet");
  const files = sheets * ticked("language") * kinds;
  const much = files > Number(form.dataset.most);
  count.textContent = files === 0 ? "Nothing is ticked yet." : `${files} ${files === 1 ? "file" : "files"}${much ? `: more than the ${form.dataset.most} that are made at a time` : ""}`;
}

for (const button of form.querySelectorAll("[data-tick]")) {
  button.addEventListener("click", event => {
    event.preventDefault();
    for (const box of form.querySelectorAll(`[data-kind=${button.dataset.tick}]`)) box.checked = !("off" in button.dataset);
    tell();
  });
}
form.addEventListener("change", tell);
form.elements.name?.addEventListener?.("keydown", event => {
  if (event.key === "Enter") { event.preventDefault(); document.getElementById("save").click(); }
});
document.getElementById("summary")?.focus();
tell();
