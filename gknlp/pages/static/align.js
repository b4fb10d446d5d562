(() => {
  // What differs between two texts: the same algorithm as findings/differences.py, on tokens of one character each,
  // whole numbers, and an agency's own names, which count as equal to each other.
  const MOST = 2000, NUMBER = "[0-9０-９]+(?:[.,．，][0-9０-９]+)*", WHOLE = new RegExp(`^(?:${NUMBER})$`, "u");

  const cut = (text, names) => {
    const own = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|") || "\\0\\0", found = [];
    for (const hit of text.matchAll(new RegExp(`(${own})|${NUMBER}|.`, "gsu"))) found.push([hit[1] ? "" : hit[0], hit[0]]);
    return found;
  };
  const walkBack = (trace, x, y) => {
    const steps = [];
    for (let edits = trace.length - 1; edits >= 0; edits--) {
      const furthest = trace[edits], k = x - y, at = edits + 1 + k;
      const down = k === -edits || (k !== edits && furthest[at - 1] < furthest[at + 1]);
      const before = edits ? (down ? furthest[at + 1] : furthest[at - 1]) : 0, other = edits ? before - (down ? k + 1 : k - 1) : 0;
      while (x > before && y > other) { steps.push("="); x--; y--; }
      if (edits) { steps.push(down ? "+" : "-"); x = before; y = other; }
    }
    return steps.reverse();
  };
  const script = (a, b) => {
    const all = () => [...Array(a.length).fill("-"), ...Array(b.length).fill("+")];
    if (!a.length || !b.length) return all();
    const most = Math.min(MOST, a.length + b.length), furthest = new Int32Array(2 * most + 3), trace = [];
    for (let edits = 0; edits <= most; edits++) {
      trace.push(furthest.slice(most - edits, most + edits + 3));
      for (let k = -edits; k <= edits; k += 2) {
        const at = most + 1 + k, down = k === -edits || (k !== edits && furthest[at - 1] < furthest[at + 1]);
        let x = down ? furthest[at + 1] : furthest[at - 1] + 1;
        while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
        furthest[at] = x;
        if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
      }
    }
    return all();
  };
  const alignTokens = (a, b) => {
    const shorter = Math.min(a.length, b.length);
    let head = 0, tail = 0;
    while (head < shorter && a[head] === b[head]) head++;
    while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
    const equal = (count) => Array(count).fill("=");
    const steps = [...equal(head), ...script(a.slice(head, a.length - tail), b.slice(head, b.length - tail)), ...equal(tail)];
    const runs = [];
    let i = 0, j = 0;
    for (let at = 0; at < steps.length;) {
      const same = steps[at] === "=", i1 = i, j1 = j;
      for (; at < steps.length && (steps[at] === "=") === same; at++) { i += steps[at] !== "+"; j += steps[at] !== "-"; }
      runs.push([same, i1, i, j1, j]);
    }
    const kept = [];
    runs.forEach((run, place) => {
      const last = kept[kept.length - 1];
      const alone = run[0] && run[2] - run[1] === 1 && [...a[run[1]]].length === 1 && place > 0 && place < runs.length - 1;
      if (last && !last[0] && (alone || !run[0])) { last[2] = run[2]; last[4] = run[4]; } else kept.push([...run]);
    });
    return kept;
  };

  // Pieces [kind, text] of both sides, given what each agency calls itself, longest first; kinds: equal, changed, only, masked, number.
  const markDifferences = (a, b, namesA, namesB) => {
    const sides = [cut(a, namesA), cut(b, namesB)], pieces = [[], []];
    for (const [same, i1, i2, j1, j2] of alignTokens(...sides.map((tokens) => tokens.map((token) => token[0])))) {
      const kind = same ? "equal" : i1 < i2 && j1 < j2 ? "changed" : "only";
      [sides[0].slice(i1, i2), sides[1].slice(j1, j2)].forEach((tokens, side) => {
        for (const [key, text] of tokens) {
          const shown = key === "" ? (same ? "masked" : kind) : !same && WHOLE.test(text) ? "number" : kind;
          const last = pieces[side][pieces[side].length - 1];
          if (last && last[0] === shown && shown !== "masked" && shown !== "number") last[1] += text;
          else pieces[side].push([shown, text]);
        }
      });
    }
    return pieces;
  };
  globalThis.gknlp = { alignTokens, markDifferences };
})();
