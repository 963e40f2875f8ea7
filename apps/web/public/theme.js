// Runs before the first paint, so that a chosen light theme never flashes dark.
(function () {
  var chosen = localStorage.getItem('boocode.theme') || 'ember';
  var light = matchMedia('(prefers-color-scheme: light)').matches;
  var contrast = matchMedia('(prefers-contrast: more)').matches;
  var root = document.documentElement.dataset;
  root.theme = chosen === 'system' ? (contrast ? 'beacon' : light ? 'chalk' : 'ember') : chosen;
  root.motion = localStorage.getItem('boocode.motion') || 'system';
})();
