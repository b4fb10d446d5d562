(() => {
  // The similarity report: lists of reports and pairs, one report as a strip, two side by side; the address keeps what is seen.
  const { make, words, link, percent, number, written, row, list, open, firstOfRow, drawReport, drawSides, lookAt } = globalThis.gknlp;
  const get = (id) => document.getElementById(id);

  document.addEventListener("DOMContentLoaded", async () => {
    if (!get("reuse-index") || typeof DecompressionStream === "undefined") return;
    const data = await open();
    const text = (doc) => `${doc.label} ${doc.place} ${doc.published || ""}`.toLowerCase();
    for (const doc of data.docs) doc.words = text(doc);
    const wanted = (field) => field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);

    const cell = (share) => share === undefined ? "—" : percent(share);
    const measure = () => get("docs-measure") && data.measures.find((one) => one.key === get("docs-measure").value);
    const showDocs = list(get("docs"), (doc) => {
      const shown = measure();
      const original = data.strata.findIndex((one) => one[0] === "original"), mandated = data.strata.findIndex((one) => one[0] === "mandated");
      const shared = doc.shares ? Math.max(0, 1000 - doc.shares[original] - doc.shares[mandated]) / 1000 : undefined;
      return row([link("#doc=" + doc.page, doc.label)], [doc.place || "—"], [doc.published || "—"], number(doc.length), cell(shared), cell(doc.shares ? doc.shares[mandated] / 1000 : undefined), ...(shown ? [written(shown.kind, shown.values[doc.at])] : []));
    });
    let chosenCell = null;
    const findDocs = () => {
      const parts = wanted(get("find-doc")), shown = measure();
      const left = data.docs.filter((doc) => (!chosenCell || (doc.row === chosenCell.row && doc.year === chosenCell.year)) && parts.every((part) => doc.words.includes(part)));
      if (shown && get("docs-order").checked) left.sort((a, b) => (shown.values[b.at] ?? -Infinity) - (shown.values[a.at] ?? -Infinity) || a.at - b.at);
      if (shown) {
        get("docs-measured").replaceChildren(...words(...shown.name));
        get("docs-measured").href = "#m-" + shown.key;
      }
      showDocs(left);
      get("docs-chosen").hidden = !chosenCell;
      get("docs-chosen").replaceChildren(...(chosenCell ? [...chosenCell.name, " ✕"] : []));
      get("docs-left").textContent = number(left.length);
    };

    let chosen = null;
    const pairsTable = get("pairs"), drawn = pairsTable && pairsTable.tagName === "TABLE";
    const showPairs = drawn && list(pairsTable, (pair) => {
      const named = (doc) => [link("#doc=" + doc.page, doc.label), make("br"), make("span", "note", [doc.place, doc.published].filter(Boolean).join(" · ") || "—")];
      return row(named(pair.a), named(pair.b), number(pair.chars), percent(pair.ofA), percent(pair.ofB), firstOfRow(pair.a, pair.b), [link(lookAt(pair.a, pair.b), words("并排", "side by side"))]);
    });
    const isOf = (doc, name) => doc.agency === name || doc.place === name;
    const findPairs = () => {
      if (!showPairs) return;
      const parts = wanted(get("find-pairs"));
      const fits = ({ a, b }) => !chosen || (isOf(a, chosen[0]) && isOf(b, chosen[1])) || (isOf(a, chosen[1]) && isOf(b, chosen[0]));
      const left = data.pairs.filter((pair) => fits(pair) && parts.every((part) => pair.a.words.includes(part) || pair.b.words.includes(part)));
      showPairs(left);
      get("pairs-left").textContent = number(left.length);
      get("pairs-chosen").hidden = !chosen;
      get("pairs-chosen").textContent = chosen ? `${chosen[0]} × ${chosen[1]} ✕` : "";
    };

    // The address: #doc=…, #doc=…&with=…&at=…
    let shownDoc = null, shownPair = "";
    const go = (address) => { if (location.hash === address) follow(); else location.hash = address; };
    const chooseCell = (row, year) => {
      const named = document.getElementById(`of-${row}-${year}`);
      chosenCell = named ? { row: Number(row), year: Number(year), name: [...named.querySelector("b").cloneNode(true).childNodes] } : null;
      findDocs();
    };
    const follow = async () => {
      const said = location.hash.slice(1), cell = /^of=(\d+)-(\d+)$/.exec(said);
      if (cell) {
        get("find-doc").value = "";
        chooseCell(cell[1], cell[2]);
        get("look").scrollIntoView({ block: "start" });
        return;
      }
      if (!/^(doc|with)=/.test(said)) return;
      const asked = new URLSearchParams(said), doc = data.byPage.get(asked.get("doc")), other = data.byPage.get(asked.get("with"));
      if (!doc) return;
      await Promise.all([data.read(doc), other && data.read(other)]);
      if (shownDoc !== doc) get("doc").replaceChildren(...drawReport(doc, data, (passage) => { if (passage.source) go(lookAt(doc, passage.source, passage.start)); }));
      shownDoc = doc;
      const pair = other ? `${doc.page} ${other.page}` : "";
      if (shownPair !== pair) get("with").replaceChildren(...(other ? drawSides(doc, other, data.pairs) : []));
      shownPair = pair;
      const rows = [...get("with").querySelectorAll(".pair-row[data-at]")];
      const exact = asked.has("at") && rows.find((one) => one.dataset.at === asked.get("at"));
      for (const one of rows) one.classList.toggle("at", one === exact);
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      (exact || get(other ? "with" : "doc")).scrollIntoView({ block: exact ? "center" : "start", behavior: still ? "auto" : "instant" });
    };

    // A link to a report opens it here, so that this file can be handed over alone.
    document.addEventListener("click", (event) => {
      const mark = event.target.closest("a");
      if (!mark || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const address = mark.getAttribute("href") || "";
      if (mark.dataset.a !== undefined) {
        chosen = [mark.dataset.a, mark.dataset.b];
        findPairs();
        return;
      }
      const cell = /^#of-(\d+-\d+)$/.exec(address);
      if (cell) {
        event.preventDefault();
        go("#of=" + cell[1]);
        return;
      }
      const named = /^report\/([^#]+)\.html(?:#with-(.+))?(?:#c\d+)?$/.exec(address);
      const doc = named && data.byPage.get(named[1]);
      if (!doc || doc.block < 0 || "leaves" in mark.dataset) return;
      event.preventDefault();
      go(named[2] ? `#doc=${doc.page}&with=${named[2]}` : `#doc=${doc.page}`);
    });
    get("find-doc").addEventListener("input", findDocs);
    get("docs-chosen").addEventListener("click", () => { chosenCell = null; findDocs(); });
    for (const field of ["docs-measure", "docs-order"]) if (get(field)) get(field).addEventListener("change", findDocs);
    findDocs();
    if (showPairs) {
      get("find-pairs").addEventListener("input", findPairs);
      get("pairs-chosen").addEventListener("click", () => { chosen = null; findPairs(); });
      findPairs();
    }
    window.addEventListener("hashchange", follow);
    document.documentElement.dataset.unpacked = "";
    await follow();
  });
})();
