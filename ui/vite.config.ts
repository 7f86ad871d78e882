import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The devhost serves rpc, events and pictures; `npm run dev` passes them on.
const devhost = process.env['GUITAI_DEVHOST'] ?? 'http://127.0.0.1:7420';

export default defineConfig({
  plugins: [react()],
  clearScreen: false,
  build: {
    outDir: 'dist',
    target: ['chrome111', 'safari16.4'],
    // No inlined assets and no module-preload polyfill: both would need looser CSP rules.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: {
      '/rpc': devhost,
      '/events': devhost,
      '/pictures': devhost,
      '/files': devhost,
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testSetup.ts'],
    restoreMocks: true,
  },
});
