package faults

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/stream"
)

// blocks are the files that hold FLOOR's messages below a store, the newest last.
func blocks(t *testing.T, store string) (list []string) {
	t.Helper()
	newest := map[string]int64{}
	require.NoError(t, filepath.WalkDir(store, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".blk") || !strings.Contains(name, "/streams/"+stream.Name+"/") {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Size() > 0 {
			newest[name] = info.ModTime().UnixNano()
			list = append(list, name)
		}
		return err
	}))
	require.NotEmpty(t, list)
	for i := range list {
		if newest[list[i]] > newest[list[len(list)-1]] {
			list[i], list[len(list)-1] = list[len(list)-1], list[i]
		}
	}
	return list
}

// TestFaultStoreDamaged kills NATS, and every other time the server with it, and
// damages the store of the stream: the end of the newest file is cut off or never came
// to the disk, single bytes are others, what NATS knows of the file is gone. What was acknowledged is stored in
// PostgreSQL by then and stays; what comes afterwards has other sequences or the
// same again.
func TestFaultStoreDamaged(t *testing.T) {
	t.Parallel()

	n, s, d := onNATS(t, 60)
	chance := rand.New(rand.NewPCG(seed(t), 5))
	damages := []struct {
		name string
		of   func(newest []byte) []byte
		lose bool // what NATS knows of the file
	}{
		{"cut off", func(b []byte) []byte { return b[:len(b)-1-chance.IntN(min(2000, len(b)/2))] }, false},
		{"never written", func(b []byte) []byte { clear(b[len(b)-1-chance.IntN(min(2000, len(b)/2)):]); return b }, true},
		{"other bytes", func(b []byte) []byte {
			for range 5 {
				b[len(b)/2+chance.IntN(len(b)/2)] ^= 0x40
			}
			return b
		}, true},
		{"other bytes, unnoticed", func(b []byte) []byte { b[chance.IntN(len(b))] ^= 1; return b }, false},
	}
	for round := range long(6, 1) {
		for i, damage := range long(damages, damages[:2]) {
			d.more(60)
			d.hold()
			s.level(d)
			stays := (round+i)%2 == 1 // what the hub holds is ahead of the stream then
			if !stays {
				s.kill()
			}
			n.end(syscall.SIGKILL)
			all := blocks(t, n.dir)
			name := all[len(all)-1]
			raw, err := os.ReadFile(name)
			require.NoError(t, err)
			t.Logf("%s: %d bytes", damage.name, len(raw))
			require.NoError(t, os.WriteFile(name, damage.of(raw), 0o600))
			if damage.lose {
				require.NoError(t, os.RemoveAll(filepath.Join(filepath.Dir(name), "index.db")))
			}
			n.start()
			if !stays {
				s.start()
			}
			d.letGo()
			d.more(60)
		}
	}
	s.prove(d)
}
