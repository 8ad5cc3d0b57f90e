package main

import (
	"fmt"
	"runtime"
)

// version is set by the linker (see the Makefile).
var version = "unreleased"

type versionCommand struct{}

// Run prints one line: name, version, Go's version and the platform.
func (versionCommand) Run(env *environment) error {
	_, err := fmt.Fprintf(env.stdout, "floorlight %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
