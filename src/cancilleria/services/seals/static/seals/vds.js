// Visible digital seals inside the browser (Doc 9303-13): what services/seals/vds.py does, for the ministry's own keys (P-256).
import { Damaged, unbase64 } from "../signing/der.js";

const ALPHABET = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MAGIC = 0xdc, SIGNATURE = 0xff, V3 = 2, V4 = 3, CERTIFICATE = 0xca;
const FIELDS = ["country", "signed_by", "capacity", "seal_of", "at", "on", "by", "number", "seal", "signature", "digest"];
const text = new TextDecoder("utf-8", { fatal: true });

function must(condition, why) {
  if (!condition) throw new Damaged(why);
}

export function isSeal(bytes) {
  return bytes[0] === MAGIC;
}

function c40(bytes) {
  must(bytes.length % 2 === 0, "c40");
  let found = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const last = at + 2 === bytes.length;
    if (bytes[at] === 0xfe) {
      const character = String.fromCharCode(bytes[at + 1] - 1);
      must(last && ALPHABET.includes(character), "c40");
      found += character;
      continue;
    }
    const number = bytes[at] * 256 + bytes[at + 1] - 1;
    const values = [Math.floor(number / 1600), Math.floor(number / 40) % 40, number % 40];
    if (last && values[2] === 0) values.pop();
    must(number >= 0 && values.every((value) => value >= 3 && value < 40), "c40");
    found += values.map((value) => ALPHABET[value - 3]).join("");
  }
  return found;
}

function day(bytes) {
  const digits = String(bytes[0] * 65536 + bytes[1] * 256 + bytes[2]).padStart(8, "0");
  const found = `${digits.slice(4)}-${digits.slice(0, 2)}-${digits.slice(2, 4)}`;
  const parsed = new Date(found + "T00:00:00Z");
  must(bytes.length === 3 && !Number.isNaN(parsed.valueOf()) && parsed.toISOString().startsWith(found), "date");
  return found;
}

function length(bytes, at) {
  const first = bytes[at];
  if (first <= 0x80) return [first, at + 1];
  must(first <= 0x82 && at + first - 0x80 < bytes.length, "length");
  return first === 0x81 ? [bytes[at + 1], at + 2] : [bytes[at + 1] * 256 + bytes[at + 2], at + 3];
}

export function decode(bytes) {
  must(bytes[0] === MAGIC && (bytes[1] === V3 || bytes[1] === V4), "magic");
  const told = bytes[1] === V4 ? c40(bytes.subarray(4, 8)).slice(4) : "";
  must(bytes[1] === V3 || /^[0-9A-F]{2}$/.test(told), "header");
  const characters = bytes[1] === V4 ? 6 + parseInt(told, 16) : 9;
  let at = 4 + 2 * Math.ceil(characters / 3);
  const name = c40(bytes.subarray(4, at));
  must(name.length === characters && bytes.length >= at + 8, "cut");
  const seal = {
    reference: name.slice(0, 4) + name.slice(bytes[1] === V4 ? 6 : 4),
    signedOn: day(bytes.subarray(at + 3, at + 6)), definition: bytes[at + 6], category: bytes[at + 7], features: [],
  };
  for (at += 8; ; ) {
    must(at < bytes.length, "cut");
    const start = at, tag = bytes[at];
    const [size, from] = length(bytes, at + 1);
    const value = bytes.subarray(from, from + size);
    must(value.length === size, "cut");
    at = from + size;
    if (tag === SIGNATURE) return must(at === bytes.length, "tail"), { ...seal, signed: bytes.subarray(0, start), signature: value };
    seal.features.push([tag, value]);
  }
}

// The ten fields of a certificate, by name; null for a seal of another kind.
export function fields(seal) {
  if (seal.definition !== CERTIFICATE) return null;
  return seal.features.filter(([tag]) => FIELDS[tag - 1]).map(([tag, value]) => {
    const name = FIELDS[tag - 1];
    if (name === "on") return [name, day(value)];
    return [name, name === "digest" ? Array.from(value, (b) => b.toString(16).padStart(2, "0")).join("") : text.decode(value)];
  });
}

// One of the four results of `cancilleria seal verify`; `seals` are the rows of a trust list whose signature was checked.
export async function judge(bytes, seals) {
  let seal, shown;
  try {
    seal = decode(bytes);
    shown = fields(seal);
  } catch {
    return { result: "unreadable" };
  }
  const row = seals.find((found) => found.reference === seal.reference);
  if (!row) return { result: "issuer_unknown" };
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("spki", unbase64(row.key), algorithm, false, ["verify"]);
  const good = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, seal.signature, seal.signed);
  const inTime = seal.signedOn >= row.since && (!row.until || seal.signedOn <= row.until);
  return good && inTime ? { result: "valid", fields: shown ?? [] } : { result: "not_valid" };
}
