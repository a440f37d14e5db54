// The transparency log: receipts (C2SP tlog-proof), checkpoints, cosignatures, inclusion proofs (RFC 6962).
import { Damaged, hex, join, same, sha256, unbase64 } from "./der.js";

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

function must(condition, why) {
  if (!condition) throw new Damaged(why);
}

export function parseKey(vkey) {
  const [name, id, ...rest] = vkey.split("+");
  const material = unbase64(rest.join("+"));
  must(material.length === 33, "key");
  return { name, id, kind: material[0], public: material.subarray(1) };
}

async function ed25519(key, signature, message) {
  const imported = await crypto.subtle.importKey("raw", key.public, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

export async function signedBy(key, body, signatures) {
  const own = hex(await sha256(join(utf8.encode(key.name + "\n"), new Uint8Array([key.kind]), key.public))).slice(0, 8);
  must(own === key.id, "key");
  for (const { name, material } of signatures) {
    if (name !== key.name || hex(material.subarray(0, 4)) !== key.id) continue;
    if (key.kind === 1) return ed25519(key, material.subarray(4), utf8.encode(body));
    const time = new DataView(material.buffer, material.byteOffset + 4, 8).getBigUint64(0);
    return ed25519(key, material.subarray(12), utf8.encode(`cosignature/v1\ntime ${time}\n${body}`));
  }
  return false;
}

export async function verifyTrust(trust) {
  const payload = utf8.encode("cancilleria/trust/v1\n" + canonical(trust.payload));
  return ed25519(parseKey(trust.payload.key), unbase64(trust.signature), payload);
}

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

export async function verifyReceipt(bytes, leaf, trust) {
  const whole = text.decode(bytes);
  const cut = whole.indexOf("\n\n");
  const lines = whole.slice(0, cut).split("\n");
  must(cut > 0 && lines.shift() === "c2sp.org/tlog-proof@v1", "receipt");
  const index = number(lines.shift()?.replace(/^index /, ""));
  must(lines.length < 64, "receipt");
  const note = whole.slice(cut + 2);
  const gap = note.lastIndexOf("\n\n");
  const body = note.slice(0, gap + 1);
  const [origin, size, root] = body.split("\n");
  const signatures = note.slice(gap + 2).trimEnd().split("\n").map(signatureLine);
  const logs = trust.logs.map(parseKey).filter((key) => key.name === origin);
  let known = false;
  for (const key of logs) known ||= await signedBy(key, body, signatures);
  must(known, "log_unknown");
  await include(index, number(size), await sha256(join(new Uint8Array([0]), leaf)), lines.map(unbase64), unbase64(root));
  const witnesses = [];
  for (const key of trust.witnesses.map(parseKey)) if (await signedBy(key, body, signatures)) witnesses.push(key.name);
  return { origin, index, size: number(size), witnesses, witnessed: trust.quorum > 0 && witnesses.length >= trust.quorum };
}

function signatureLine(line) {
  const [dash, name, encoded] = line.split(" ");
  must(dash === "\u2014" && name && encoded, "note");
  return { name, material: unbase64(encoded) };
}

function number(digits) {
  must(/^(0|[1-9]\d{0,14})$/.test(digits ?? ""), "number");
  return Number(digits);
}

async function include(index, size, hash, proof, root) {
  must(index < size, "proof");
  let at = index, last = size - 1;
  for (const node of proof) {
    must(last > 0 && node.length === 32, "proof");
    if (at % 2 === 1 || at === last) {
      hash = await sha256(join(new Uint8Array([1]), node, hash));
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else hash = await sha256(join(new Uint8Array([1]), hash, node));
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  must(last === 0 && same(hash, root), "proof");
}
