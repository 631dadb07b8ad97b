// The used part of ejs, which has no types of its own.

declare module 'ejs' {
  const ejs: {
    renderFile(path: string, data: Readonly<Record<string, unknown>>): Promise<string>;
    escapeXML(text: string): string;
  };
  // biome-ignore lint/style/noDefaultExport: that is what ejs exports.
  export default ejs;
}
