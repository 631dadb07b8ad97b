// The size of a member's tags as Serf sends them: a byte, then a map in MessagePack of before 2013, which has no short form for texts of 32 bytes and more.
// https://github.com/hashicorp/serf/blob/master/serf/serf.go (encodeTags), memberlist's MetaMaxSize

/** Most bytes of all tags of a member. */
export const mostTagBytes = 512;

/** The bytes of tags. */
export function tagBytes(tags: Readonly<Record<string, string>>): number {
  const texts = Object.entries(tags).flat();
  const mapHead = texts.length / 2 < 16 ? 1 : 3;
  return texts.reduce((sum, text) => sum + textBytes(Buffer.byteLength(text)), 1 + mapHead);
}

function textBytes(length: number): number {
  return length + (length < 32 ? 1 : 3);
}
