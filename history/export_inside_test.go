package history

import (
	"io"
	"strconv"
)

// SafeText is safeText, for the tests outside.
var SafeText = safeText

// Numbered writes a workbook of numbers whose sheets hold that many rows, the
// header included.
func Numbered(w io.Writer, most, n int) error {
	t := newXLSX(w)
	t.most = most
	if err := t.begin([]exportColumn{{header: "n", kind: numberCell}}); err != nil {
		return err
	}
	for i := range n {
		if err := t.row([]field{numberField(strconv.Itoa(i + 1))}); err != nil {
			return err
		}
	}
	return t.end()
}
