// The card of a picture: its background and border, the heading above the plot, the footer below the legend.

import { layoutOf } from '../define/layout.js';
import type { Picture } from '../define/picture.js';
import { firstFitting, fontOf, type Pen, shorterHosts, withEllipsis } from './pen.js';

const gapPx = 9;
const minFontPx = 7;
/** Most of a card's width that the words on its right side take. */
const maxShowsPart = 0.7;

/** Draws card, heading and footer. */
export function drawCard(pen: Pen, picture: Picture, family: string): void {
  const { colours, sizePx } = picture;
  pen.fillStyle = colours.border;
  pen.fillRect(0, 0, sizePx.width, sizePx.height);
  pen.fillStyle = colours.card;
  pen.fillRect(1, 1, sizePx.width - 2, sizePx.height - 2);
  pen.textBaseline = 'alphabetic';
  if (picture.tile) drawTileWords(pen, picture, family);
  else drawWords(pen, picture, family);
}

/** The background of a picture that is only a plot. */
export function drawBare(pen: Pen, { colours, sizePx }: Picture): void {
  pen.fillStyle = colours.card;
  pen.fillRect(0, 0, sizePx.width, sizePx.height);
}

/** The note of a picture that is only a plot: in the corner above the plot. */
export function drawNote(pen: Pen, { colours, note, plot, tile }: Picture, family: string): void {
  if (note === null) return;
  pen.font = fontOf(family, layoutOf(tile).fontPx - 1, 500);
  pen.textBaseline = 'alphabetic';
  drawRight(pen, note.toUpperCase(), { x: plot.right, y: plot.top - 5, colour: colours.note });
}

function drawWords(pen: Pen, picture: Picture, family: string): void {
  const { colours, heading, sizePx, footer, note } = picture;
  const layout = layoutOf(false);
  const right = sizePx.width - layout.marginPx;
  pen.font = fontOf(family, layout.fontPx + 1);
  const room = maxShowsPart * (right - layout.marginPx);
  const shrink = Math.min(1, room / pen.measureText(heading.shows).width);
  pen.font = fontOf(family, Math.max(minFontPx, Math.floor((layout.fontPx + 1) * shrink * 10) / 10));
  const shows = withEllipsis(pen, heading.shows, room);
  const showsPx = pen.measureText(shows).width;
  drawRight(pen, shows, { x: right, y: layout.headingBaselinePx, colour: colours.text });
  drawSubject(pen, picture, { family, right: right - showsPx - 2 * gapPx });
  const footerY = sizePx.height - 9;
  pen.font = fontOf(family, layout.fontPx - 1);
  pen.fillStyle = colours.muted;
  pen.textAlign = 'left';
  pen.fillText(footer, layout.marginPx, footerY);
  if (note === null) return;
  pen.font = fontOf(family, layout.fontPx, 500);
  drawRight(pen, note.toUpperCase(), { x: right, y: footerY, colour: colours.note });
}

// A tile has two lines above the plot: its subject, and below it the quantity and the age of the data. If space is short, the
// age is dropped first. A note is never dropped: it moves to the first line.
function drawTileWords(pen: Pen, picture: Picture, family: string): void {
  const { colours, heading, sizePx, footer, note } = picture;
  const layout = layoutOf(true);
  const right = sizePx.width - layout.marginPx;
  const secondY = layout.headingBaselinePx + 14;
  pen.font = fontOf(family, layout.fontPx);
  const showsPx = pen.measureText(heading.shows).width;
  const footerPx = pen.measureText(footer).width;
  const wholePx = right - layout.marginPx;
  const newestPx = showsPx + gapPx + footerPx <= wholePx ? gapPx + footerPx : 0;
  if (newestPx > 0) drawRight(pen, footer, { x: right, y: secondY, colour: colours.muted });
  pen.font = fontOf(family, Math.max(minFontPx, layout.fontPx * Math.min(1, wholePx / showsPx)));
  pen.textAlign = 'left';
  pen.fillStyle = colours.text;
  pen.fillText(withEllipsis(pen, heading.shows, wholePx), layout.marginPx, secondY);
  let subjectRight = right;
  if (note !== null) {
    pen.font = fontOf(family, layout.fontPx, 500);
    const texts = [note.toUpperCase(), `${note.slice(0, 4).toUpperCase()}.`];
    const beside = firstFitting(pen, texts, wholePx - newestPx - showsPx - gapPx);
    const at = beside === '' ? { x: right, y: layout.headingBaselinePx } : { x: right - newestPx, y: secondY };
    drawRight(pen, beside === '' ? note.toUpperCase() : beside, { ...at, colour: colours.note });
    if (beside === '') subjectRight -= pen.measureText(note.toUpperCase()).width + gapPx;
  }
  drawSubject(pen, picture, { family, right: subjectRight });
}

// Endpoint, protocol, host names. Host names are truncated first; a long endpoint is set in smaller type, and one that does not fit
// even so ends with an ellipsis.
function drawSubject(pen: Pen, picture: Picture, { family, right }: { family: string; right: number }): void {
  const { colours, heading, tile } = picture;
  const { marginPx, headingBaselinePx: y, headingFontPx } = layoutOf(tile);
  const room = right - marginPx;
  pen.textAlign = 'left';
  pen.font = fontOf(family, headingFontPx);
  const protocolWidePx = heading.protocol === '' ? 0 : pen.measureText(heading.protocol).width + gapPx;
  pen.font = fontOf(family, headingFontPx, 500);
  const endpointPx = pen.measureText(heading.endpoint).width;
  const shrink = Math.min(1, room / (endpointPx + protocolWidePx));
  const fontPx = Math.max(minFontPx, Math.floor(headingFontPx * shrink * 10) / 10);
  const protocolPx = protocolWidePx * (fontPx / headingFontPx);
  pen.font = fontOf(family, fontPx, 500);
  pen.fillStyle = colours.text;
  const endpoint = withEllipsis(pen, heading.endpoint, room - protocolPx);
  pen.fillText(endpoint, marginPx, y);
  let x = marginPx + pen.measureText(endpoint).width + gapPx;
  pen.font = fontOf(family, fontPx);
  pen.fillStyle = colours.muted;
  pen.fillText(heading.protocol, x, y);
  x += protocolPx;
  pen.fillText(firstFitting(pen, shorterHosts(heading.hosts), right - x), x, y);
}

function drawRight(pen: Pen, text: string, at: { x: number; y: number; colour: string }): void {
  pen.textAlign = 'right';
  pen.fillStyle = at.colour;
  pen.fillText(text, at.x, at.y);
}
