// Writes figures as `Numbers` of report/text.py does: same digits, same units, same signs. A test
// holds the two against each other, so a figure computed here reads as one that was printed.
const figures = (lang) => {
  const NBSP = "\u00a0", THIN = "\u202f", MINUS = "\u2212", FINEST = 12;
  const words = dataFor("figures")[lang], french = lang === "fr";
  const order = (x) => Math.floor(Math.log10(x));
  const fill = (text, fields) => text.replace(/\{(\w+)\}/g, (_, name) => fields[name]);

  // Of two equally near decimals the even one is taken, as Python does.
  function rounded(size, places) {
    if (!Number.isFinite(size)) return "Infinity";
    if (size >= 1e21) return BigInt(size).toString() + (places ? "." + "0".repeat(places) : "");
    const near = size.toFixed(places), exact = size.toFixed(Math.min(100, places + 40));
    const tie = /^50*$/.test(exact.slice(exact.indexOf(".") + 1 + places));
    if (!tie || Number(near.at(-1)) % 2 === 0) return near;
    const step = BigInt(near.replace(".", "")) - 1n, digits = String(step).padStart(places + 1, "0");
    return places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  }

  const placesFor = (width) =>
    (!Number.isFinite(width) || width <= 0 ? FINEST : Math.max(0, 1 - order(width)));
  const placesOf = (value, significant) =>
    (value && Number.isFinite(value) ? Math.max(0, significant - 1 - order(Math.abs(value))) : 0);
  const sharePlaces = (width) => Math.min(1, placesFor(100 * width));
  const says = (written) => /[1-9∞]/.test(written);
  const whole = (value) => Math.sign(value) * Number(rounded(Math.abs(value), 0));

  function decimal(value, places = 0) {
    let written = "∞";
    if (Number.isFinite(value)) {
      const [left, right] = rounded(Math.abs(value), places).split(".");
      const grouped = left.replace(/\B(?=(\d{3})+$)/g, french ? THIN : ",");
      written = right ? grouped + (french ? "," : ".") + right : grouped;
    }
    return (value < 0 && says(written) ? MINUS : "") + written;
  }

  function signed(value, places = 0) {
    const written = decimal(value, places);
    return value > 0 && says(written) ? "+" + written : written;
  }

  const measured = (value, width) =>
    decimal(value, Math.min(placesOf(value, 3), placesFor(width)));
  const count = (value) => decimal(value, 0);
  const share = (value, width = 1) =>
    decimal(100 * value, sharePlaces(width)) + (french ? NBSP : "") + "%";

  function seconds(value, width = 0) {
    const size = Math.abs(value);
    if (size >= 120 && size < Infinity) {
      const minutes = Math.floor(whole(value) / 60), rest = whole(value) - 60 * minutes;
      return `${count(minutes)}${NBSP}min${NBSP}${String(rest).padStart(2, "0")}${NBSP}s`;
    }
    if (size > 0 && size < 1e-4) return measured(1e6 * value, 1e6 * width) + NBSP + "µs";
    if (size > 0 && size < 1) return measured(1000 * value, 1000 * width) + NBSP + "ms";
    return measured(value, width) + NBSP + "s";
  }

  const rate = (value, width = 0, unit = "per_s") => measured(value, width) + NBSP + words[unit];

  function usd(value, width = 0) {
    const small = Math.abs(value) > 0 && Math.abs(value) < 0.1;
    const places = small ? Math.max(2, Math.min(placesOf(value, 3), placesFor(width))) : 2;
    const written = decimal(Math.abs(value), places), sign = value < 0 ? MINUS : "";
    return french ? `${sign}${written}${NBSP}$US` : `${sign}$${written}`;
  }

  function size(value, width = 0) {
    const bytes = Math.abs(value);
    const power = bytes >= 1 ? Math.min(4, Math.floor(Math.log10(bytes) / 3)) : 0;
    const scale = 1000 ** power, unit = ["B", "kB", "MB", "GB", "TB"][power];
    const written = power ? measured(value / scale, width / scale) : count(value);
    return written + NBSP + (french ? unit.replace("B", "o") : unit);
  }

  function ratio(value, width = 0) {
    return decimal(value, Math.min(2, value ? placesOf(value, 3) : 2, placesFor(width)));
  }
  const times = (value, width = 0) => fill(words.times, { ratio: ratio(value, width) });

  function points(value, width = 1, sign = true) {
    const places = sharePlaces(width), x = (sign ? signed : decimal)(100 * value, places);
    const size = Number(rounded(Math.abs(100 * value), places));
    return fill(words.points[Number(french ? size >= 2 : size !== 1)], { x });
  }

  // A range; a unit that both ends share is written once.
  function between(low, high) {
    const at = low.indexOf(NBSP), unit = low.slice(at + 1);
    const shared = at >= 0 && !unit.includes(NBSP) && high.endsWith(NBSP + unit);
    return fill(words.between, { low: shared ? low.slice(0, at) : low, high });
  }

  function value(unit, x, width = 0) {
    switch (unit) {
      case "share": return share(x, width);
      case "s": return seconds(x, width);
      case "usd": return usd(x, width);
      case "bytes": return size(x, width);
      case "count": return decimal(x, Math.abs(x) >= 100 ? 0 : 1);
      case "plain": return measured(x, width);
      default: return rate(x, width, unit);
    }
  }

  return {
    between, bytes: size, count, decimal, points, rate, ratio, seconds, share, signed, size, times,
    usd, value,
  };
};
