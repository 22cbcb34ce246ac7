// A file that is too large is refused before it is sent: a browser shows no answer to what it was still sending.
const form = document.getElementById("upload");
if (form) {
  const file = document.getElementById("file");
  const problem = document.getElementById("file-problem");
  const said = () => {
    const size = file.files.length ? file.files[0].size : 0;
    const most = Number(form.dataset.most);
    problem.textContent = size > most
      ? `This file has ${Math.round(size / 1e6)} MB; the most that is read is ${most / 1e6} MB. Nothing was sent.` : "";
    problem.hidden = !problem.textContent;
    file.toggleAttribute("aria-invalid", Boolean(problem.textContent));
    return problem.textContent;
  };
  file.addEventListener("change", said);
  form.addEventListener("submit", (event) => {
    if (said()) {
      event.preventDefault();
      file.focus();
    }
  });
}
