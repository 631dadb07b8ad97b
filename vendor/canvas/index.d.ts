// What chartjs-node-canvas' types ask `canvas` for.

export * from '@napi-rs/canvas';
