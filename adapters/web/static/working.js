// How far it is, looked at again each second; what came of it replaces the page.
const look = async () => {
  const answer = await fetch("/import/working", { redirect: "follow" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById("working");
  if (!next) {
    location.assign(answer.redirected ? answer.url : "/import/working");
    return;
  }
  document.getElementById("working").replaceWith(next);
  setTimeout(look, 1000);
};
setTimeout(look, 1000);
