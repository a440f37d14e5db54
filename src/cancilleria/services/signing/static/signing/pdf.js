// The signed revisions of a PDF, and what it carries.
import { Damaged, unhex } from "./der.js";
import { verifyCms } from "./cms.js";

const latin = (bytes) => Array.from({ length: Math.ceil(bytes.length / 32768) }, (_, at) => String.fromCharCode(...bytes.subarray(at * 32768, (at + 1) * 32768))).join("");

function must(condition, why) {
  if (!condition) throw new Damaged(why);
}

export async function verifyRevisions(bytes, roots) {
  const text = latin(bytes);
  const ranges = [...text.matchAll(/\/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]/g)].reverse();
  const found = [];
  let end = bytes.length;
  for (const range of ranges) {
    const [first, second, length] = range.slice(1).map(Number);
    if (range.index > end) continue;
    must(second + length === end, "signature_does_not_cover_file");
    must(first > 0 && first < second && second <= end && range.index + range[0].length <= end, "impossible_range");
    const contents = text.slice(first, second);
    must(/^<([0-9a-f]+|[0-9A-F]+)>$/.test(contents) && contents.length % 2 === 0, "contents");
    const signed = new Uint8Array(first + length);
    signed.set(bytes.subarray(0, first));
    signed.set(bytes.subarray(second, end), first);
    const revision = await verifyCms(unhex(contents.slice(1, -1)), signed, roots);
    found.unshift(revision);
    if (!revision.stamp) {
      checkLater(text, end);
      return { revisions: found, end };
    }
    end = previousEnd(text, end);
  }
  throw new Damaged("no_signature");
}

function previousEnd(text, end) {
  const last = text.lastIndexOf("%%EOF", end - 5);
  const before = text.lastIndexOf("%%EOF", last - 1);
  must(last > 0 && before >= 0, "no_earlier_revision");
  const stop = before + 5;
  if (text.slice(stop, stop + 2) === "\r\n") return stop + 2;
  return stop + (text[stop] === "\n" || text[stop] === "\r" ? 1 : 0);
}

// What may differ in objects of the signed file once a time stamp or validation data follow: nothing that is seen.
const FREE = {
  Page: /\/Annots \[[^\]]*\]/,
  Catalog: /\/DSS \d+ 0 R|\/AcroForm \d+ 0 R|\/Extensions <<.*?>>\s*>>/gs,
  Fields: /\/Fields \[[^\]]*\]|\/SigFlags \d+/g,
  Info: /\/(ModDate|Producer) \([^)]*\)/g,
};

// A time-stamp authority stamps whatever it is sent, so what follows the signature is compared with what it signed.
function checkLater(text, end) {
  const [before, after] = [text.slice(0, end), text.slice(end)];
  if (!after) return;
  const root = /.*\/Root (\d+ 0 R)/s.exec(before)?.[1];
  must(!/\/ObjStm|\/XRef\b/.test(after) && [...after.matchAll(/\/Root\s+(\d+ 0 R)/g)].every((found) => found[1] === root), "later_change");
  const signed = objects(before);
  const added = objects(after);
  for (const [number, body] of added) {
    if (signed.has(number)) must(sameBut(signed.get(number), body), "later_change");
    else must(!/\/(AP|AA|A|JS|JavaScript)\b/.test(body) || !/\/(Widget|Annot|Sig)\b/.test(body), "later_change");
    if (/\/Type\s*\/Page\b/.test(body)) for (const field of newFields(signed.get(number), body)) must(/\/FT \/Sig/.test(added.get(field) ?? "") && /\/Rect \[ (0(\.0)? ){4}\]/.test(added.get(field)), "later_change");
  }
}

function objects(text) {
  const found = new Map();
  for (const [, number, body] of text.matchAll(/(\d+)\s+0\s+obj\b([\s\S]*?)(?=stream\r?\n|endobj)/g)) found.set(Number(number), body.trim());
  return found;
}

function sameBut(was, now) {
  if (/\/Type\s*\/Metadata/.test(was)) return /\/Type\s*\/Metadata/.test(now);
  const kind = /\/Type\s*\/(Page|Catalog)\b/.exec(was)?.[1] ?? (/\/Fields/.test(was) ? "Fields" : /\/ModDate/.test(was) ? "Info" : "");
  const bare = (body) => (kind ? body.replace(FREE[kind], "") : body).replace(/\s+/g, "");
  return bare(was) === bare(now);
}

function newFields(was = "", now) {
  const list = (body) => [.../\/Annots \[([^\]]*)\]/.exec(body)?.[1].matchAll(/(\d+) 0 R/g) ?? []].map((found) => Number(found[1]));
  const old = list(was);
  return list(now).filter((number) => !old.includes(number));
}

// The compiler that makes our files writes plain objects with direct lengths, so a walk over them finds attachments.
export async function attachments(bytes) {
  const text = latin(bytes);
  const streams = new Map();
  const names = new Map();
  const head = /(\d+) 0 obj\s*([\s\S]*?)(stream\r?\n|endobj)/g;
  let found;
  while ((found = head.exec(text))) {
    const [, number, dictionary, tail] = found;
    const spec = /\/Type\s*\/Filespec[\s\S]*?\/F\s*\(([^)]*)\)[\s\S]*?\/EF\s*<<\s*\/F (\d+) 0 R/.exec(dictionary);
    if (spec) names.set(spec[1], spec[2]);
    if (!tail.startsWith("stream")) continue;
    const length = Number(/\/Length (\d+)(?! \d+ R)/.exec(dictionary)?.[1] ?? 0);
    const start = found.index + found[0].length;
    if (!streams.has(number)) streams.set(number, { data: bytes.subarray(start, start + length), flate: dictionary.includes("/FlateDecode") });
    head.lastIndex = start + length;
  }
  const files = {};
  for (const [name, number] of names) {
    const stream = streams.get(number);
    if (stream) files[name] = stream.flate ? await inflate(stream.data) : stream.data;
  }
  return files;
}

async function inflate(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
