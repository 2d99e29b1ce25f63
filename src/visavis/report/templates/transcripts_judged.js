// What judges said of a reply, each in its own words, and what that made of its grade. `show` is what
// `texts` of texts.js gives, `said` what `figures` gives.
const judgement = (words, said, show) => {
  const { fill, make, piece, lengthy, told } = show, FIRST = 4000;
  const [SHARE, NEEDED, PARTS] = [0, 1, 2];
  const brief = (text) => piece(text, 0, FIRST);
  const listed = (parts) => parts.filter(Boolean).join(", ");

  function verdict([, beside, , , read, earned, because], scale, pass_mark) {
    if (earned === null) return fill(words.none, brief(told(because)[0]));
    if (beside) return words.paired[((1 + Math.sign(earned - 0.5)) / 2).toFixed(1)];
    return listed([
      fill(words.mark, brief(read ?? "")),
      scale && fill(words.scale, ...scale.map(said.count)),
      pass_mark !== null && words.enough[Number(earned > 0)],
    ]);
  }

  // Its own words are made when they are opened: there may be many, and they may be long.
  function own(text) {
    const details = make("details");
    details.append(make("summary", "", words.own));
    details.addEventListener("toggle", () => {
      if (details.childElementCount === 1) details.append(lengthy(text));
    });
    return details;
  }

  function voice(one, scale, pass_mark) {
    const [judge, beside, first, text] = one, place = make("li");
    const order = beside && fill(first ? words.first : words.second, brief(beside));
    const made = verdict(one, scale, pass_mark);
    place.append(make("p", "", fill(words.labelled, listed([brief(judge), order]), made)));
    if (text) place.append(own(text));
    return place;
  }

  function part([name, kind, asked, scale, pass_mark, weight, earned, because, spoken]) {
    const place = make("div", "part"), list = make("ul");
    const came = earned === null ? fill(words.none, brief(told(because)[0])) : fill(words.earns, said.share(earned));
    const weighs = weight !== 1 && fill(words.weight, said.decimal(weight, Number.isInteger(weight) ? 0 : 2));
    const title = kind === "checks" ? words.checks : brief(name);
    place.append(make("h5", "", fill(words.labelled, title, listed([came, weighs]))));
    if (asked) place.append(lengthy(asked, "asked-of-judges"));
    list.append(...spoken.map((one) => voice(one, scale, pass_mark)));
    if (spoken.length) place.append(list);
    return place;
  }

  // All that was said of one reply, folded.
  return (heard) => {
    const details = make("details", "judges"), { [SHARE]: share, [NEEDED]: needed, [PARTS]: parts } = heard;
    details.append(make("summary", "", words.said));
    details.addEventListener("toggle", () => {
      if (details.childElementCount > 1) return;
      details.append(...parts.map(part));
      if (share === null || (parts.length < 2 && needed === null)) return;
      const from = needed !== null && fill(words.from, said.share(needed));
      details.append(make("p", "together", listed([fill(words.together, said.share(share)), from])));
    });
    return details;
  };
};
