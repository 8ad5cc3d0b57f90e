package history

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

func TestMain(m *testing.M) {
	code := postgrestest.Main(m)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
