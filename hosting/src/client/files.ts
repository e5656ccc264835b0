/** Hands the visitor a file to keep, under the name given. */
export function saveFile(name: string, content: BlobPart[], type: string) {
  const address = URL.createObjectURL(new Blob(content, { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the content over by the time the click is handled.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
