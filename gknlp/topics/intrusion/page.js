"use strict";
(() => {
  const form = document.getElementById("tasks");
  const done = document.getElementById("done");
  const questions = [...form.querySelectorAll("fieldset")];
  let unsaved = false;
  const chosen = (question) => question.querySelector("input[type=radio]:checked");
  const cell = (text) => {
    const safe = /^'*[=+\-@\t\r\n＝＋－＠]/.test(text) ? "'" + text : text;
    return '"' + safe.replaceAll('"', '""') + '"';
  };
  const count = () => {
    const n = questions.filter(chosen).length;
    done.textContent = `${n} / ${questions.length}`;
  };
  form.addEventListener("input", (event) => {
    const question = event.target.closest("fieldset");
    if (question) question.classList.toggle("answered", Boolean(chosen(question)));
    unsaved = true;
    count();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const rows = [["sheet", "task", "answer", "note"]];
    for (const question of questions) {
      const radio = chosen(question);
      const note = question.querySelector("input[name=note]").value;
      rows.push([form.dataset.sheet, question.dataset.task, radio ? radio.value : "", note]);
    }
    const text = "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = document.getElementById("coder").value.trim().replace(/[\\/:*?"<>|\s.]+/g, "_") + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  count();
})();
