export default function Shortcuts(_: { close: () => void }) {
  return null;
}
