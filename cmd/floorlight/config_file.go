package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// settingsFile is a YAML mapping of settings as it is written: values stay text,
// so that off means off and 08 stays 08.
type settingsFile struct {
	name    string
	entries []fileEntry
}

type fileEntry struct {
	key    string
	line   int
	text   string // a list's elements are joined with commas
	list   bool
	broken string // why the value cannot be used, empty if it can
}

// readSettingsFile returns an error for a file that cannot be read or is no
// mapping; what is wrong with one entry stands in the entry.
func readSettingsFile(name string) (*settingsFile, error) {
	text, err := os.ReadFile(name) //nolint:gosec // The operator names the file.
	if err != nil {
		return nil, err
	}
	doc, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, fmt.Errorf("not YAML: %w", err)
	}
	file := &settingsFile{name: name}
	for i, d := range doc.Docs {
		if i > 0 {
			return nil, fmt.Errorf("holds more than one document")
		}
		if d.Body == nil || d.Body.Type() == ast.NullType || d.Body.Type() == ast.CommentType {
			continue
		}
		m, ok := d.Body.(*ast.MappingNode)
		if !ok {
			return nil, fmt.Errorf("is a %s, not settings", strings.ToLower(d.Body.Type().String()))
		}
		for _, v := range m.Values {
			file.entries = append(file.entries, newFileEntry(v))
		}
	}
	return file, nil
}

func newFileEntry(v *ast.MappingValueNode) fileEntry {
	key := v.Key.GetToken()
	e := fileEntry{key: key.Value, line: line(key)}
	if seq, ok := v.Value.(*ast.SequenceNode); ok {
		e.list = true
		parts := make([]string, 0, len(seq.Values))
		for _, n := range seq.Values {
			text, ok := scalarText(n)
			if !ok || strings.Contains(text, ",") {
				e.broken = "a list holds plain values only"
				return e
			}
			parts = append(parts, text)
		}
		e.text = strings.Join(parts, ",")
		return e
	}
	text, ok := scalarText(v.Value)
	if !ok {
		e.broken = "takes a plain value, not a " + strings.ToLower(v.Value.Type().String())
	}
	e.text = text
	return e
}

// scalarText is a value as it stands in the file, without quotes.
func scalarText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	default:
		return "", false
	}
}

func line(t *token.Token) int {
	if t == nil || t.Position == nil {
		return 0
	}
	return t.Position.Line
}
