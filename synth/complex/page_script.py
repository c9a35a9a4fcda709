"""What the engine asks of a page, in the page's own language."""

MEASURE = """
async (lengths) => {
  await Promise.all([...document.fonts].map(font => font.load()));
  const numbers = rect => rect ? [rect.x, rect.y, rect.width, rect.height] : null;
  const cells = (words, counts) => {
    const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT), range = document.createRange();
    let node = walker.nextNode(), at = 0;
    return counts.map(count => {
      while (node && at >= node.length) { node = walker.nextNode(); at = 0; }
      if (!node) return null;
      range.setStart(node, at);
      range.setEnd(node, Math.min(node.length, at += count));
      return numbers([...range.getClientRects()].pop());
    });
  };
  const texts = [...document.querySelectorAll('.words')];
  return {
    boxes: [...document.querySelectorAll('.box')].map(box => numbers(box.getBoundingClientRect())),
    texts: texts.map(words => words.textContent),
    cells: texts.map((words, at) => cells(words, lengths[at])),
  };
}
"""
"""Waits for the fonts. Given the lengths in UTF-16 units of each text's grapheme clusters, returns x, y, width and
height of every box, the texts, and the place of every cluster of each; null for one that has none."""

ILLUSTRATE = """
(pictures) => {
  const boxes = document.querySelectorAll('.box');
  return Promise.all(pictures.map(([at, left, top, url]) => {
    const image = new Image(), rect = boxes[at].getBoundingClientRect();
    image.className = 'picture';
    image.style.left = `${left - rect.x}px`;
    image.style.top = `${top - rect.y}px`;
    image.src = url;
    boxes[at].prepend(image);
    return image.decode();
  }));
}
"""
"""Puts pictures into boxes: number of the box, left and top in pixels of the page, and the picture as a data URL."""

COLOUR = """
(colours) => document.querySelectorAll('.words').forEach((words, at) => { words.style.color = colours[at]; })
"""
"""Shows the texts, each in its colour."""
