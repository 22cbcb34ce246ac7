// Sends what is typed or pressed without leaving the page. Without scripts the same forms work as whole pages.
const log = document.getElementById("log");
const ask = document.getElementById("ask");
const field = document.getElementById("text");
let sending = false;

function add(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // from our own server, which escapes everything
  const article = holder.content.firstElementChild;
  log.append(article);
  return article;
}

function addSaid(text) {
  const article = document.createElement("article");
  article.className = "said";
  article.append(Object.assign(document.createElement("h2"), { textContent: "You said" }));
  article.append(Object.assign(document.createElement("p"), { textContent: text || "(nothing)" }));
  log.append(article);
  return article;
}

function addFailure() {
  const article = addSaid("");
  article.className = "reply silent";
  article.firstChild.textContent = "Compact Bot";
  article.lastChild.textContent =
    "Your message did not reach the assistant, and nothing was saved. Is it still running? Please send it again.";
}

async function say(text, form, pressed = "") {
  if (sending) return;
  sending = true;
  const said = addSaid(text);
  let next = field;
  try {
    const body = form ? new URLSearchParams(new FormData(form)) : new URLSearchParams(pressed ? { pressed } : { text });
    body.set("id", crypto.randomUUID());
    const answer = await fetch("/say", { method: "POST", headers: { Accept: "text/x-fragment" }, body });
    if (!answer.ok) throw new Error(String(answer.status));
    const reply = add(await answer.text());
    form?.remove(); // it was sent; what is wrong with it comes back in a new one
    next = reply.querySelector("[aria-invalid]") ?? reply.querySelector(".fields input:not([type=hidden]), .fields select, .fields textarea") ?? field;
    if (!form) field.value = "";
  } catch {
    addFailure();
  }
  said.scrollIntoView({ block: "start" });
  next.focus({ preventScroll: next === field });
  sending = false;
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.classList.contains("fields")) say(`Form: ${form.querySelector("h3").textContent}`, form);
  else if (form === ask) say(field.value);
  else say(event.submitter.textContent, null, event.submitter.value);
});

// The nudges that were sent, newest first; only a change is announced.
const nudges = document.getElementById("nudges");
let shown = "";

async function showNudges() {
  try {
    const html = await (await fetch("/nudges")).text();
    if (html && html !== shown) {
      nudges.innerHTML = html; // from our own server, which escapes everything
      shown = html;
    }
  } catch {
    // the program stopped; the next question says so
  }
}

showNudges();
setInterval(showNudges, 10_000);
