const NOTES_HZ = [660, 880] as const;
const NOTE_SECONDS = 0.14;

/** Two soft notes, made here: no file to load. Browsers keep it silent until the page was touched once. */
export function playChime(): void {
  const audio = new AudioContext();
  for (const [index, frequency] of NOTES_HZ.entries()) {
    const start = audio.currentTime + index * NOTE_SECONDS;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_SECONDS * 1.6);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + NOTE_SECONDS * 1.6);
    if (index === NOTES_HZ.length - 1) tone.addEventListener('ended', () => void audio.close());
  }
}
