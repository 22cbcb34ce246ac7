// Opens the section in which an address ends, where the browser does not by itself, and all of them for paper.
const sections = () => document.querySelectorAll(".agreement details");

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target?.closest("details");
  if (!section) return;
  section.open = true;
  target.scrollIntoView();
}

addEventListener("hashchange", openTarget);
openTarget();

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...sections()].filter((one) => !one.open);
  opened.forEach((one) => (one.open = true));
});
addEventListener("afterprint", () => opened.forEach((one) => (one.open = false)));
