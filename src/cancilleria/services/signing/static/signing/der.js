// A strict reader of DER (X.690): definite, minimal lengths; children fill their parent exactly; nothing left over.

export class Damaged extends Error {}

export function read(bytes, at = 0, end = bytes.length) {
  if (at + 2 > end || (bytes[at] & 31) === 31) throw new Damaged("tag");
  let length = bytes[at + 1];
  let head = 2;
  if (length >= 128) {
    const count = length & 127;
    if (count === 0 || count > 4 || at + 2 + count > end) throw new Damaged("length");
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[at + 2 + i];
    if (length < 128 || length < 256 ** (count - 1)) throw new Damaged("length");
    head += count;
  }
  const stop = at + head + length;
  if (stop > end) throw new Damaged("cut");
  return { tag: bytes[at], bytes: bytes.subarray(at, stop), value: bytes.subarray(at + head, stop) };
}

export function whole(bytes) {
  const node = read(bytes);
  if (node.bytes.length !== bytes.length) throw new Damaged("tail");
  return node;
}

export function children(node, tag, count) {
  if (tag !== undefined && node.tag !== tag) throw new Damaged("tag");
  const found = [];
  for (let at = 0; at < node.value.length; at += found.at(-1).bytes.length) found.push(read(node.value, at));
  if (count !== undefined && found.length !== count) throw new Damaged("count");
  return found;
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function unbase64(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (btoa(String.fromCharCode(...bytes)) !== text) throw new Damaged("base64");
  return bytes;
}

export function join(...parts) {
  const total = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    total.set(part, at);
    at += part.length;
  }
  return total;
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
