export function LiveState({ className }: { className: string }) {
  return <span className={className} />;
}
