// Asks the server. What it answers is data: texts are only ever set with textContent.

export class Refused extends Error {
  constructor(status, says) {
    super(says);
    this.status = status;
  }
}

async function answered(response) {
  if (!response.ok) throw new Refused(response.status, await response.text());
  return response;
}

const post = (name, question) => fetch(`api/${name}`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(question),
}).then(answered);

export const study = async () => (await answered(await fetch('api/study'))).json();
export const newestPack = async () => (await answered(await fetch('api/pack'))).json();
export const ask = async (name, question) => (await post(name, question)).json();

/** Has the browser keep a file. */
export async function download(name, question) {
  const response = question === undefined
    ? await answered(await fetch(`api/${name}`))
    : await post(name, question);
  const said = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = said ? said[1] : 'lastmile';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** An element with a text and attributes. */
export function make(tag, text = '', attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export const count = (people) => Math.round(people).toLocaleString('en-GB');
export const minutes = (value) => (value === null || value === undefined ? '–' : value.toFixed(1));
