// Signatures (RFC 5652) and certificates (RFC 5280) in the one form we write. Every byte is a constant, is covered by a
// signature, or is compared with something that is: nothing in between can be changed unseen.
import { Damaged, children, hex, join, same, sha256, whole } from "./der.js";

export class UnknownIssuer extends Error {}

const SEQUENCE = 0x30, SET = 0x31, INTEGER = 0x02, OCTETS = 0x04, CONTEXT0 = 0xa0, CONTEXT3 = 0xa3, BITS = 0x03;
const SIGNED_DATA = "06092a864886f70d010702", DATA = "06092a864886f70d010701", STAMP = "060b2a864886f70d0109100104";
const SHA256 = ["300d06096086480165030402010500", "300b0609608648016503040201"];
const RSA = ["300d06092a864886f70d01010b0500", "300d06092a864886f70d0101010500"];
const RSA_SHA256 = "300d06092a864886f70d01010b0500";
const MESSAGE_DIGEST = "06092a864886f70d010904";
const CERTIFICATE_V2 = "060b2a864886f70d010910022f";
const ATTRIBUTES = {
  [DATA]: ["06092a864886f70d010903", MESSAGE_DIGEST, CERTIFICATE_V2, "06092a864886f70d010934"],
  [STAMP]: ["06092a864886f70d010903", MESSAGE_DIGEST, CERTIFICATE_V2, "060b2a864886f70d010910020c", "06092a864886f70d010905"],
};
const BASIC_CONSTRAINTS = "0603551d13";
const utf8 = new TextDecoder();

function must(condition, why) {
  if (!condition) throw new Damaged(why);
}

export async function verifyCms(bytes, signed, roots) {
  const [kind, outer] = children(whole(bytes), SEQUENCE, 2);
  must(hex(kind.bytes) === SIGNED_DATA && outer.tag === CONTEXT0, "kind");
  const [data] = children(outer, CONTEXT0, 1);
  const [version, digests, content, bag, infos] = children(data, SEQUENCE, 5);
  const parts = children(content, SEQUENCE);
  const type = hex(parts[0].bytes);
  must(type === DATA || type === STAMP, "content");
  const stamp = type === STAMP;
  must(hex(version.bytes) === (stamp ? "020103" : "020101") && bag.tag === CONTEXT0, "version");
  let inner = signed;
  if (stamp) {
    must(parts.length === 2, "content");
    const [octets] = children(parts[1], CONTEXT0, 1);
    must(octets.tag === OCTETS, "content");
    inner = octets.value;
  } else must(parts.length === 1, "content");
  const [info] = children(infos, SET, 1);
  const [infoVersion, sid, digest, attributes, algorithm, signature] = children(info, SEQUENCE, 6);
  must(hex(infoVersion.bytes) === "020101" && attributes.tag === CONTEXT0 && signature.tag === OCTETS, "signer");
  must(SHA256.includes(hex(digest.bytes)) && RSA.includes(hex(algorithm.bytes)), "algorithm");
  const [named] = children(digests, SET, 1);
  must(same(named.bytes, digest.bytes), "algorithm");
  const certificates = children(bag, CONTEXT0).map(certificate);
  const signer = certificates.find((found) => same(sid.bytes, found.sid));
  must(signer, "signer");
  await checkAttributes(attributes, type, inner, signer);
  must(await rsa(signer.key, signature.value, join(new Uint8Array([SET]), attributes.bytes.subarray(1))), "signature");
  await checkBag(certificates, signer, roots);
  const prints = await Promise.all(certificates.map(async (found) => hex(await sha256(found.bytes))));
  const own = prints[certificates.indexOf(signer)];
  return { signer: signer.name, own, prints, stampedAt: stamp ? await checkStamp(inner, signed) : null, stamp };
}

async function checkAttributes(attributes, type, inner, signer) {
  const seen = {};
  for (const attribute of children(attributes, CONTEXT0)) {
    const [oid, values] = children(attribute, SEQUENCE, 2);
    const name = hex(oid.bytes);
    must(ATTRIBUTES[type].includes(name) && !(name in seen), "attribute");
    seen[name] = children(values, SET, 1)[0];
  }
  must(seen[MESSAGE_DIGEST] && same(seen[MESSAGE_DIGEST].value, await sha256(inner)), "digest");
  if (seen[CERTIFICATE_V2]) {
    const wanted = hex(await sha256(signer.bytes));
    must(hex(seen[CERTIFICATE_V2].bytes).includes(wanted), "certificate");
  }
}

function certificate(node) {
  const [body, algorithm, signature] = children(node, SEQUENCE, 3);
  const fields = children(body, SEQUENCE);
  must(fields.length >= 7 && fields[0].tag === CONTEXT0 && fields[1].tag === INTEGER, "certificate");
  const [, serial, inner, issuer, , subject, key] = fields;
  must(hex(algorithm.bytes) === RSA_SHA256 && same(algorithm.bytes, inner.bytes), "certificate");
  must(signature.tag === BITS && signature.value[0] === 0, "certificate");
  const pair = join(issuer.bytes, serial.bytes);
  const size = pair.length;
  const head = size < 128 ? [SEQUENCE, size] : size < 256 ? [SEQUENCE, 0x81, size] : [SEQUENCE, 0x82, size >> 8, size & 255];
  return {
    bytes: node.bytes, body: body.bytes, signature: signature.value.subarray(1), issuer: issuer.bytes, subject: subject.bytes,
    key: key.bytes, sid: join(new Uint8Array(head), pair), authority: isAuthority(fields), name: nameOf(subject),
  };
}

function isAuthority(fields) {
  const extensions = fields.find((field) => field.tag === CONTEXT3);
  if (!extensions) return false;
  for (const extension of children(children(extensions, CONTEXT3, 1)[0], SEQUENCE)) {
    const parts = children(extension, SEQUENCE);
    if (hex(parts[0].bytes) === BASIC_CONSTRAINTS) return hex(parts.at(-1).value).startsWith("30") && hex(parts.at(-1).value).includes("0101ff");
  }
  return false;
}

function nameOf(subject) {
  const names = children(subject, SEQUENCE).map((set) => children(children(set, SET, 1)[0], SEQUENCE, 2)[1]);
  return names.length ? utf8.decode(names.at(-1).value) : "";
}

async function checkBag(certificates, signer, roots) {
  const isRoot = (found) => roots.some((root) => same(root, found.bytes));
  must(!isRoot(signer), "root");
  let trusted = [...certificates.filter(isRoot), ...roots.map((root) => certificate(whole(root)))];
  let waiting = certificates.filter((found) => !isRoot(found));
  while (waiting.length) {
    const led = [];
    for (const found of waiting) {
      for (const above of trusted) {
        if (above.authority && same(above.subject, found.issuer) && (await rsa(above.key, found.signature, found.body))) {
          led.push(found);
          break;
        }
      }
    }
    if (!led.length) throw new UnknownIssuer();
    trusted = [...trusted, ...led];
    waiting = waiting.filter((found) => !led.includes(found));
  }
}

async function checkStamp(inner, signed) {
  const fields = children(whole(inner), SEQUENCE);
  const [algorithm, digest] = children(fields[2], SEQUENCE, 2);
  must(SHA256.includes(hex(algorithm.bytes)) && digest.tag === OCTETS && same(digest.value, await sha256(signed)), "stamp");
  const time = fields.find((field) => field.tag === 0x18);
  must(time, "stamp");
  return utf8.decode(time.value);
}

async function rsa(spki, signature, message) {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  return crypto.subtle.verify(algorithm, key, signature, message);
}
