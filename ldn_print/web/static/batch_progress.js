// Follows a batch: the bar moves with the server's news; at the end, or when something was refused, the part is new.
"use strict";
const byId = name => document.getElementById(name);
let refused = document.querySelectorAll("#refused li").length, quarter = 0, source = null;

async function renew() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.getElementById("batch");
  if (!part) { location.reload(); return; }
  byId("batch").replaceWith(document.adoptNode(part));
  document.title = page.title;
  if (byId("batch").dataset.over === "yes") byId("batch-head").focus();
}

function take(news) {
  const bar = byId("bar");
  if (bar) {
    bar.max = news.total || 1;
    bar.value = news.done;
    byId("done").textContent = news.done;
    byId("left").textContent = news.left;
    const now = Math.floor(4 * news.done / (news.total || 1));
    if (now > quarter) { quarter = now; byId("told").textContent = `${news.done} of ${news.total} files. ${news.left}`; }
  }
  if (news.over) source.close();
  if (news.over || news.refused !== refused) { refused = news.refused; renew(); }
}

if (byId("batch").dataset.over === "no") {
  source = new EventSource(`/batch/${byId("batch").dataset.id}/events`);
  source.onmessage = event => take(JSON.parse(event.data));
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000); };
}
