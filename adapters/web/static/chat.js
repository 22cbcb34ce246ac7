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

function addFailure(words) {
  const article = addSaid(words);
  article.className = "reply silent";
  article.firstChild.textContent = "Compact Bot";
}

async function say(text, form, pressed = "") {
  if (sending) return;
  sending = true;
  const said = addSaid(text);
  let next = field;
  try {
    const body = form ? new URLSearchParams(new FormData(form)) : new URLSearchParams(pressed ? { pressed } : { text });
    body.set("id", Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join(""));
    body.set("token", ask.elements.token.value);
    const answer = await fetch("/say", { method: "POST", headers: { Accept: "text/x-fragment" }, body });
    if (answer.status === 403) {
      addFailure(await answer.text()); // signed out, or the program was started anew: both say what to do
    } else if (!answer.ok) {
      throw new Error(String(answer.status));
    } else {
      const reply = add(await answer.text());
      form?.remove(); // it was sent; what is wrong with it comes back in a new one
      document.getElementById("examples")?.remove();
      next = reply.querySelector("[aria-invalid]") ?? reply.querySelector(".fields input:not([type=hidden]), .fields select, .fields textarea") ?? field;
      if (!form && !pressed) field.value = "";
    }
  } catch {
    addFailure("Your message did not reach the assistant, and nothing was saved. Is it still running? Please send it again.");
  }
  said.scrollIntoView({ block: "start" });
  next.focus({ preventScroll: next === field });
  sending = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/say") return;
  event.preventDefault();
  if (form.classList.contains("fields")) say(`Form: ${form.querySelector("h3").textContent}`, form);
  else if (form === ask) say(field.value);
  else if (event.submitter.name === "text") say(event.submitter.value);
  else say(event.submitter.textContent, null, event.submitter.value);
});

log.lastElementChild?.scrollIntoView({ block: "start" });

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

if (nudges) {
  showNudges();
  setInterval(showNudges, 10_000);
}
