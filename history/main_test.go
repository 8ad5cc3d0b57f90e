package history

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// endings is how long what was ended may take to be gone, on a busy machine.
const endings = 30 * time.Second

// TestMain holds that nothing runs on after the writers and servers are closed.
func TestMain(m *testing.M) {
	code := postgrestest.Main(m)
	left := goleak.Find()
	for began := time.Now(); left != nil && time.Since(began) < endings; {
		left = goleak.Find()
	}
	if left != nil && code == 0 {
		fmt.Fprintln(os.Stderr, left)
		code = 1
	}
	os.Exit(code)
}
