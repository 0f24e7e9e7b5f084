// In: a JPEG as its camera wrote it. Out: where it was taken, [longitude, latitude] in degrees; null where it does not say.
export async function positionOf(file) {
  try {
    const data = new DataView(await file.slice(0, 256 << 10).arrayBuffer());
    if (data.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; data.getUint8(at) === 0xff && data.getUint8(at + 1) !== 0xda; at += 2 + data.getUint16(at + 2)) {
      if (data.getUint8(at + 1) === 0xe1 && data.getUint32(at + 4) === 0x45786966) return gpsOf(data, at + 10);
    }
    return null;
  } catch {
    return null; // What the camera wrote is broken: it lies beyond the end.
  }
}

// The block is a TIFF file: an order of bytes, and directories of entries with tag, type, count and value, counted from its beginning.
function gpsOf(data, from) {
  const little = data.getUint16(from) === 0x4949;
  const short = at => data.getUint16(from + at, little);
  const long = at => data.getUint32(from + at, little);
  const entries = at => new Map(Array.from({ length: short(at) }, (_, i) => [short(at + 2 + 12 * i), at + 10 + 12 * i]));
  const gps = entries(long(4)).get(0x8825);
  if (!gps) return null;
  const found = entries(long(gps));
  const degrees = (sign, value, negative) => {
    if (!found.has(sign) || !found.has(value)) return NaN;
    const [whole, minutes, seconds] = [0, 8, 16].map(o => long(long(found.get(value)) + o) / long(long(found.get(value)) + o + 4));
    return (whole + minutes / 60 + seconds / 3600) * (String.fromCharCode(data.getUint8(from + found.get(sign))) === negative ? -1 : 1);
  };
  const [y, x] = [degrees(1, 2, "S"), degrees(3, 4, "W")];
  return Number.isFinite(x) && Number.isFinite(y) && (x || y) ? [x, y] : null;
}
