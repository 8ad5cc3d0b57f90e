package main

import (
	"errors"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module = "github.com/floorlight/floorlight"
	root   = "../.."

	// maxLines is the length above which a Go file surely holds two things.
	maxLines = 700
)

// TestImportDirection holds the arrows that the README draws. It asks the go
// command, whose files the test cache does not see: run it with -count=1.
func TestImportDirection(t *testing.T) {
	t.Parallel()

	const pure = "pure packages do no I/O"
	io := map[string]string{
		"net/http": pure, "github.com/nats-io": pure, "github.com/jackc": pure, "github.com/coder": pure,
		module + "/hub/stream": pure,
	}
	with := func(m map[string]string, more map[string]string) map[string]string {
		m = maps.Clone(m)
		maps.Copy(m, more)
		return m
	}
	for _, tt := range []struct {
		pkg string
		bad map[string]string // prefix of an import path => why not
	}{
		{"hub/event", with(io, map[string]string{module: "the bottom imports nothing of ours"})},
		{"hub/metric", with(io, map[string]string{module + "/hub/fold": "metric is below fold"})},
		{"hub/fold", io},
		{"hub", io},
		{"hub/stream", map[string]string{module + "/live": "stream is below live", module + "/history": "stream is below history"}},
		{"risk", with(io, map[string]string{module + "/hub/fold": "risk knows events only", module + "/live": "risk is below live"})},
		{"live", map[string]string{module + "/history": "they meet only in cmd/floorlight", "github.com/jackc": "SQL lives in history"}},
		{"web", map[string]string{module: "web is files"}},
		{"history", map[string]string{module + "/live": "they meet only in cmd/floorlight", "github.com/coder": "sockets live in live"}},
	} {
		t.Run(tt.pkg, func(t *testing.T) {
			t.Parallel()

			if !exists(t, tt.pkg) {
				return
			}
			self := path.Join(module, tt.pkg)
			deps := goList(t, "-deps", self)
			require.Contains(t, deps, self)
			for _, dep := range deps {
				for prefix, why := range tt.bad {
					if dep != self && (dep == prefix || strings.HasPrefix(dep, prefix+"/")) {
						t.Errorf("%s must not depend on %s: %s", tt.pkg, dep, why)
					}
				}
			}
		})
	}
}

// TestCommandsAreLeaves: what meets in cmd/floorlight is imported by nobody but
// the command itself.
func TestCommandsAreLeaves(t *testing.T) {
	t.Parallel()

	for _, line := range goList(t, "-f", `{{.ImportPath}}:{{join .Imports ","}}`, "./...") {
		pkg, imports, _ := strings.Cut(line, ":")
		if strings.HasPrefix(pkg, module+"/cmd/") {
			continue
		}
		for imported := range strings.SplitSeq(imports, ",") {
			require.False(t, strings.HasPrefix(imported, module+"/cmd/"), "%s imports %s", pkg, imported)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()

	documented := map[string]bool{}
	for _, name := range goFiles(t) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.PackageClauseOnly|parser.ParseComments)
		require.NoError(t, err)
		documented[path.Dir(name)] = documented[path.Dir(name)] || file.Doc != nil
	}
	require.NotEmpty(t, documented)
	for dir, ok := range documented {
		require.True(t, ok, "package %s has no package comment", dir)
	}
}

func TestTopLevel(t *testing.T) {
	t.Parallel()

	allowed := regexp.MustCompile(`^(cmd|hub|live|history|risk|web|go\.(mod|sum)|Makefile|Dockerfile|compose\.yaml` +
		`|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|LICENSE|NOTICE|\..+)$`)
	for _, name := range tracked(t) {
		top, _, _ := strings.Cut(name, "/")
		require.Regexp(t, allowed, top)
	}
}

func TestNothingBuiltIsTracked(t *testing.T) {
	t.Parallel()

	built := regexp.MustCompile(`(^|/)(bin|dist|node_modules|vendor|test-results|playwright-report)/|\.(exe|so|a|o|test|out|prof|wasm)$`)
	for _, name := range tracked(t) {
		require.NotRegexp(t, built, name)
		if strings.HasPrefix(name, "web/build/") {
			require.Equal(t, "web/build/.gitkeep", name, "the web side's build is made by make build")
		}
	}
}

func TestFilesHoldOneThing(t *testing.T) {
	t.Parallel()

	for _, name := range goFiles(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		require.LessOrEqual(t, strings.Count(string(text), "\n"), maxLines, "%s is too long to hold one thing", name)
	}
}

// TestNoEmptyNames keeps the names out that say nothing.
func TestNoEmptyNames(t *testing.T) {
	t.Parallel()

	empty := regexp.MustCompile(`(^|/)(utils?|helpers?|managers?|common|misc|info)(/|\.go$|_test\.go$)`)
	for _, name := range goFiles(t) {
		require.NotRegexp(t, empty, name)
	}
}

// TestNothingIsUnfinished finds the marks that people leave for later, and tests
// that were switched off or narrowed to one.
func TestNothingIsUnfinished(t *testing.T) {
	t.Parallel()

	marks := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b|\b(test|it|describe)\.(skip|only|fix` + `me)\(|waitFor` + `Timeout`)
	for _, name := range tracked(t) {
		if !slices.Contains([]string{".go", ".ts", ".svelte", ".css"}, path.Ext(name)) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted, and the deletion not yet committed
		}
		require.NoError(t, err)
		require.Empty(t, marks.FindString(string(text)), "in %s", name)
	}
}

func TestContinuousIntegrationRunsTheTestCommand(t *testing.T) {
	t.Parallel()

	stat, err := os.Stat(filepath.Join(root, ".ci/run"))
	require.NoError(t, err)
	require.NotZero(t, stat.Mode().Perm()&0o100, ".ci/run is executable")
	text, err := os.ReadFile(filepath.Join(root, ".ci/run"))
	require.NoError(t, err)
	require.Regexp(t, `(?m)^exec make test$`, string(text))
}

// exists says whether a package is there. Until the commands that need them all
// are, a package may be missing; from then on a missing one is a test that no
// longer looks.
func exists(t *testing.T, pkg string) bool {
	t.Helper()

	found, err := filepath.Glob(filepath.Join(root, pkg, "*.go"))
	require.NoError(t, err)
	whole, err := filepath.Glob("serve*.go")
	require.NoError(t, err)
	require.False(t, len(found) == 0 && len(whole) > 0, "there is no package %s", pkg)
	return len(found) > 0
}

// goList is the output of go list, a line each.
func goList(t *testing.T, args ...string) []string {
	t.Helper()

	out := output(t, "go", append([]string{"list"}, args...)...)
	return strings.Split(strings.TrimSpace(out), "\n")
}

// goFiles are the repository's own Go files, tracked or not yet.
func goFiles(t *testing.T) []string {
	t.Helper()

	var files []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			// Other tests make and remove directories meanwhile.
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || (name != root && strings.HasPrefix(entry.Name(), "."))) {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, ".go") {
			name, err = filepath.Rel(root, name)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

// tracked are the files that git knows. safe.directory lets it answer in a
// checkout that belongs to another user.
func tracked(t *testing.T) []string {
	t.Helper()

	out := output(t, "git", "-c", "safe.directory=*", "ls-files")
	names := slices.DeleteFunc(strings.Split(out, "\n"), func(s string) bool { return s == "" })
	require.NotEmpty(t, names)
	return names
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	return string(out)
}
