// Plays a package with a player that people use, and says what is seen.
const video = document.querySelector('video');
const errors = [];
video.addEventListener('error', () => errors.push(`video: ${video.error.message}`));

const happens = (target, event) => new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));

const players = {
  hls(url) {
    const hls = new Hls({ startLevel: 0 });
    hls.on(Hls.Events.ERROR, (_, data) => data.fatal && errors.push(`hls.js: ${data.details}`));
    hls.loadSource(url);
    hls.attachMedia(video);
    return { sizes: () => hls.levels.map((level) => [level.width, level.height]), choose: (index) => (hls.currentLevel = index) };
  },
  dash(url) {
    const dash = dashjs.MediaPlayer().create();
    dash.on('error', (event) => errors.push(`dash.js: ${event.error.message}`));
    dash.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } });
    dash.initialize(video, url, false);
    const all = () => dash.getRepresentationsByType('video');
    return {
      sizes: () => all().map((each) => [each.width, each.height]),
      choose: (index) => dash.setRepresentationForTypeByIndex('video', index, true),
    };
  },
};

// The brightness of the pixels in the middle row of what is shown.
const row = () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  const data = context.getImageData(0, canvas.height / 2, canvas.width, 1).data;
  return Array.from({ length: canvas.width }, (_, x) => data[4 * x]);
};

// The frame on screen: when in the film, and how wide.
let shown = null;
const watch = () =>
  video.requestVideoFrameCallback((_, frame) => {
    shown = frame;
    watch();
  });
watch();

const PATIENCE = 10_000;
// Whether it became true in that many milliseconds.
const soon = async (true_, milliseconds) => {
  const end = performance.now() + milliseconds;
  while (!true_() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return true_();
};

window.kompo = {
  errors,
  async open(kind, url) {
    const loaded = happens(video, 'loadeddata');
    this.player = players[kind](url);
    await loaded;
    return { duration: video.duration, sizes: this.player.sizes() };
  },
  async choose(index) {
    this.player.choose(index);
  },
  // What is on screen at a moment, once it is in pictures of that width.
  async seek(time, width) {
    const there = () => !video.seeking && shown?.width === width && Math.abs(shown.mediaTime - time) < 0.05;
    // Browsers may drop the picture of a seek while the buffer is exchanged; whoever sees that moves the slider again.
    for (let tries = 0; tries === 0 || !(await soon(there, PATIENCE)); tries++) {
      video.currentTime = time + (tries % 2) * 0.001;
      if (tries > 8) throw new Error(`no picture of ${width} pixels at ${time} s`);
    }
    return row();
  },
  async play(from, rate) {
    let ended = false;
    video.addEventListener('ended', () => (ended = true), { once: true });
    // The same goes for playing: what has not come to its end in time is begun again.
    for (let tries = 0; tries === 0 || !(await soon(() => ended, PATIENCE)); tries++) {
      if (tries > 3) throw new Error(`it plays no further than ${video.currentTime} s (readyState ${video.readyState})`);
      video.currentTime = from;
      video.playbackRate = rate;
      video.play().catch((error) => errors.push(`play: ${error.message}`));
    }
    const quality = video.getVideoPlaybackQuality();
    return { time: video.currentTime, frames: quality.totalVideoFrames, bytes: video.webkitAudioDecodedByteCount };
  },
};
