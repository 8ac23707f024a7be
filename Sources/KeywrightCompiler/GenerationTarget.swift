extension Generation {
  /// What is generated, and into which files.
  package enum Target {
    /// The catalogue: a module for each letter, and the catalogue as data.
    case catalogue(specs: String)
    /// Providers that somebody chose.
    case chosen(Chosen)
  }

  /// Specs of one's own, and providers of the catalogue.
  package struct Chosen {
    /// The paths of specs of one's own.
    package var specs: [String] = []
    /// A file that lists providers of the catalogue by their ids.
    package var list: String?
    /// The folder of the catalogue's specs: the list's, and those that specs of one's own may extend.
    package var catalogue: String?
    /// How the files are cut and named.
    package var layout = Layout.types

    /// Nothing is chosen yet.
    package init() {}
  }

  /// How files are cut and named.
  package enum Layout {
    /// A file for each spec, named after its Swift type: for folders that people read.
    case types
    /// A file for each spec, named after it: for builds, which have to know the name beforehand.
    case ids
    /// One file for all, of this name.
    case single(String)
  }
}
