// Reads an archive and unpacks it with the library that Juju itself uses, and prints what it found as JSON.
//
// Usage: juju-reader ARCHIVE DIRECTORY
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/juju/charm/v12"
)

func read(file, directory string) error {
	archive, err := charm.ReadCharmArchive(file)
	if err != nil {
		return err
	}
	if err := charm.CheckMeta(archive); err != nil {
		return err
	}
	members, err := archive.ArchiveMembers()
	if err != nil {
		return err
	}
	if err := archive.ExpandTo(directory); err != nil {
		return err
	}
	bases := []string{}
	for _, base := range archive.Manifest().Bases {
		bases = append(bases, base.String())
	}
	actions := []string{}
	for name := range archive.Actions().ActionSpecs {
		actions = append(actions, name)
	}
	options := []string{}
	for name := range archive.Config().Options {
		options = append(options, name)
	}
	assumes, err := json.Marshal(archive.Meta().Assumes)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"name":    archive.Meta().Name,
		"summary": archive.Meta().Summary,
		"version": archive.Version(),
		"format":  charm.MetaFormat(archive),
		"bases":   bases,
		"actions": actions,
		"options": options,
		"hooks":   archive.Meta().Hooks(),
		"assumes": json.RawMessage(assumes),
		"members": members.SortedValues(),
	})
}

func main() {
	if err := read(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
