let audio: AudioContext | undefined;

/** Two soft tones; nothing to load. */
export function chime(): void {
  audio ??= new AudioContext();
  // Browsers let a page be heard once somebody has clicked in it.
  void audio.resume().catch(() => {});
  const { currentTime, destination } = audio;
  for (const [delay, pitch] of [
    [0, 659.25],
    [0.12, 880],
  ] as const) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, currentTime + delay);
    volume.gain.linearRampToValueAtTime(0.08, currentTime + delay + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, currentTime + delay + 0.3);
    tone.connect(volume).connect(destination);
    tone.start(currentTime + delay);
    tone.stop(currentTime + delay + 0.32);
  }
}
