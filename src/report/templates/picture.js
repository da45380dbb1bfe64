// A map as a picture: drawn here from what stands on the page, nothing is asked of anyone. Without this script there is no button.
for (const figure of document.querySelectorAll("figure.map")) {
  const map = figure.querySelector("svg[data-map]");
  if (!map) continue;
  const ink = "#1d2126", quiet = "#5c6570", edge = "#6b7178", wide = 800, gap = 24, mapWide = 540;
  // The map with all that it refers to, in colours of its own.
  const alone = (width, height) => {
    const copy = map.cloneNode(true);
    const defs = document.createElementNS(map.namespaceURI, "defs");
    const wanted = new Set(["hatch"]);
    for (const use of copy.querySelectorAll("use")) wanted.add(use.getAttribute("href").slice(1));
    for (const id of wanted) {
      const def = document.getElementById(id).cloneNode(true);
      for (const line of def.querySelectorAll(".hatch")) line.setAttribute("stroke", quiet);
      defs.append(def);
    }
    const put = (which, names) => {
      for (const node of copy.querySelectorAll(which)) {
        for (const name in names) node.setAttribute(name, names[name]);
      }
    };
    put("use", { stroke: edge, "stroke-width": 2, "stroke-linejoin": "round" });
    put("use.ground", { fill: "none", stroke: "#000", "stroke-opacity": 0.3, "stroke-width": 2.5 });
    put(".bar", { fill: "none", stroke: quiet, "stroke-width": 5 });
    put(".bar-label", { fill: quiet, "font-size": 44, "font-family": "sans-serif" });
    copy.prepend(defs);
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    return "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  };
  const words = (node) => (node ? node.textContent.replace(/\s+/g, " ").trim() : "");
  const field = words(figure.querySelector("figcaption code"));
  const save = async () => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const broken = (text, font, width) => {
      pen.font = font;
      const lines = [""];
      for (const word of text.split(" ")) {
        const longer = (lines[lines.length - 1] + " " + word).trim();
        if (pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
        else lines.push(word);
      }
      return lines;
    };
    const box = map.viewBox.baseVal;
    const height = Math.min(700, (mapWide * box.height) / box.width);
    const width = (height * box.width) / box.height;
    const legend = Array.from(figure.querySelectorAll(".legend li"), (item) => {
      const count = words(item.querySelector("span"));
      const text = words(item).slice(0, -count.length) + "(" + count + ")";
      const colour = item.querySelector("rect").getAttribute("fill");
      return { colour, lines: broken(text, "12px sans-serif", wide - mapWide - 3 * gap - 34) };
    });
    const meaning = words(figure.querySelector("figcaption b")), end = (meaning + "; ").indexOf("; ");
    const upper = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
    const title = broken(upper(meaning.slice(0, end)), "600 17px sans-serif", wide - 2 * gap);
    const how = upper(meaning.slice(end + 2));
    const about = words(document.querySelector("h1")) + ", " + words(figure.closest("section").querySelector("h2"));
    const under = (how ? [how] : []).concat(about).flatMap((text) => broken(text, "12px sans-serif", wide - 2 * gap)).concat(field);
    const whose = broken(words(document.getElementById("attribution")), "10px sans-serif", wide - 2 * gap);
    const key = legend.reduce((sum, each) => sum + each.lines.length * 15 + 7, 0);
    const top = gap + title.length * 22 + under.length * 16 + 12;
    const tall = top + Math.max(height, key) + 12 + whose.length * 13 + gap - 8;
    canvas.width = wide * 2;
    canvas.height = Math.ceil(tall * 2);
    pen.scale(2, 2);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, wide, tall);
    const write = (lines, font, colour, x, y, step) => {
      pen.font = font;
      pen.fillStyle = colour;
      for (const line of lines) pen.fillText(line, x, (y += step));
      return y;
    };
    let y = write(title, "600 17px sans-serif", ink, gap, gap - 6, 22);
    write(under, "12px sans-serif", quiet, gap, y + 2, 16);
    const image = new Image();
    image.src = alone(Math.round(width * 2), Math.round(height * 2));
    await image.decode();
    pen.drawImage(image, gap, top, width, height);
    y = top + 4;
    const left = mapWide + 2 * gap;
    for (const { colour, lines } of legend) {
      pen.strokeStyle = edge;
      pen.lineWidth = 0.75;
      pen.strokeRect(left, y, 24, 13);
      if (colour.startsWith("url")) {
        pen.save();
        pen.beginPath();
        pen.rect(left, y, 24, 13);
        pen.clip();
        pen.lineWidth = 2;
        pen.strokeStyle = quiet;
        for (let x = -13; x < 24; x += 6) {
          pen.beginPath();
          pen.moveTo(left + x, y + 13);
          pen.lineTo(left + x + 13, y);
          pen.stroke();
        }
        pen.restore();
      } else {
        pen.fillStyle = colour;
        pen.fillRect(left, y, 24, 13);
      }
      y = write(lines, "12px sans-serif", ink, left + 34, y - 4, 15) + 11;
    }
    write(whose, "10px sans-serif", quiet, gap, tall - gap - whose.length * 13 + 8, 13);
    const link = document.createElement("a");
    link.download = (field || "map") + ".png";
    link.href = canvas.toDataURL("image/png");
    link.click();
  };
  const button = document.createElement("button");
  button.type = "button";
  button.className = "save";
  button.textContent = "Save as PNG";
  button.setAttribute("aria-label", "Save this map as PNG: " + words(figure.querySelector("figcaption b")));
  button.addEventListener("click", save);
  figure.append(button);
}
