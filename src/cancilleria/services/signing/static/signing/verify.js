// Checks an issued PDF inside the browser: the file never leaves it. Does what `cancilleria verify` does.
import { Damaged, hex, join, sha256, unbase64, unhex } from "./der.js";
import { UnknownIssuer } from "./cms.js";
import { attachments, verifyRevisions } from "./pdf.js";
import { canonical, verifyReceipt, verifyTrust } from "./log.js";

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

export async function verifyFile(bytes, trust) {
  if (text8(bytes) !== "%PDF-") return { result: "unreadable", reason: "not_pdf" };
  try {
    if (!globalThis.DecompressionStream || !(await verifyTrust(trust))) return { result: "not_checked", reason: "trust" };
  } catch {
    // Without Ed25519 in this browser, or without a list, nothing can be said.
    return { result: "not_checked", reason: "browser" };
  }
  try {
    const payload = trust.payload;
    const { revisions, end } = await verifyRevisions(bytes, payload.roots.map(unbase64));
    const act = await verifyAct(await attachments(bytes.subarray(0, end)), payload);
    const revokedAt = checkRevoked(revisions, payload.revoked ?? []);
    return { result: "valid", reason: "", signer: revisions[0].signer, stampedAt: revisions[1]?.stampedAt ?? null, revokedAt, ...act };
  } catch (error) {
    if (error instanceof Revoked) return { result: "revoked", reason: "revoked" };
    if (error instanceof UnknownIssuer) return { result: "issuer_unknown", reason: "issuer" };
    return { result: "not_valid", reason: error instanceof Damaged ? error.message : "damaged" };
  }
}

class Revoked extends Error {}

// A revoked certificate is not good from then on. What a later stamp proves to be older stays good: then, since when.
function checkRevoked(revisions, rows) {
  const since = new Map(rows.map((row) => [row.certificate, row.since]));
  revisions.forEach(({ prints }, at) => {
    const proved = at + 1 < revisions.length ? instant(revisions[at + 1].stampedAt) : Date.now();
    if (prints.some((print) => since.has(print) && proved >= Date.parse(since.get(print)))) throw new Revoked();
  });
  return since.get(revisions[0].own) ?? null;
}

function instant(text) {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text);
  return Date.UTC(parts[0], parts[1] - 1, ...parts.slice(2));
}

async function verifyAct(files, trust) {
  const carried = JSON.parse(text.decode(files["act.json"]));
  const leaf = unbase64(carried.leaf);
  const part = unbase64(carried.public);
  const [act, shown] = [parse(leaf), parse(part)];
  const commitment = hex(await sha256(join(utf8.encode("cancilleria/v1/public\0"), unhex(carried.public_salt), part)));
  if (carried.v !== 1 || carried.public_salt.length !== 32 || commitment !== act.public_c) throw new Damaged("public");
  const proof = await verifyReceipt(files["receipt.tlog-proof"], leaf, trust);
  const original = files["original.pdf"];
  if (original && !(shown.documents ?? []).includes(hex(await sha256(original)))) throw new Damaged("original");
  return { act, public: shown, entry: carried.entry, ...proof };
}

function parse(bytes) {
  const value = JSON.parse(text.decode(bytes));
  if (canonical(value) !== text.decode(bytes)) throw new Damaged("canonical");
  return value;
}

function text8(bytes) {
  return String.fromCharCode(...bytes.subarray(0, 5));
}
