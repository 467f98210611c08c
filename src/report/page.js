// Shows the findings that the form asks for.
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const none = document.getElementById("none");
  const shown = form.querySelector("output");
  const files = [...document.querySelectorAll("section.file")].map((section) => {
    const name = section.querySelector("h2").textContent;
    const findings = [...section.querySelectorAll("article")].map((article) => ({
      article,
      severity: article.className,
      rule: article.dataset.rule,
      text: (name + "\n" + article.textContent).toLowerCase(),
    }));
    return { section, findings };
  });
  const total = files.reduce((sum, file) => sum + file.findings.length, 0);
  const apply = () => {
    const wanted = new FormData(form);
    const severities = new Set(wanted.getAll("severity"));
    const rule = wanted.get("rule");
    const words = wanted.get("text").toLowerCase().split(/\s+/);
    let count = 0;
    for (const { section, findings } of files) {
      let any = false;
      for (const finding of findings) {
        const fits =
          severities.has(finding.severity) &&
          (!rule || rule === finding.rule) &&
          words.every((word) => finding.text.includes(word));
        finding.article.hidden = !fits;
        any ||= fits;
        count += fits ? 1 : 0;
      }
      section.hidden = !any;
    }
    none.hidden = count > 0;
    shown.textContent = count === total ? `${total} findings` : `${count} of ${total} findings`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields have their first values only after this event.
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  apply();
})();
