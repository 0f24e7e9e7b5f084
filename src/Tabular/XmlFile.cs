// An XML file in, plain or in a gz; a reader over its counted bytes, without document types, entities or outside references, out. For exchange formats that are no tables (event logs as XES).
using System.Text;
using System.Xml;
using Lizhou.Tabular.Containers;
using Lizhou.Tabular.Spreadsheets;

namespace Lizhou.Tabular;

public static class XmlFile
{
    private const int Head = 512;

    /// <summary>Whether what lies in the file, unpacked, begins like XML; of text in two-byte encodings too.</summary>
    /// <exception cref="ProblemException">The gz cannot be unpacked.</exception>
    public static bool Looks(string path)
    {
        using var bytes = Unpack(path);
        var text = Encoding.Latin1.GetString(Unpacked.Head(bytes, Head)).Replace("\0", "", StringComparison.Ordinal);
        return text.TrimStart('\u00EF', '\u00BB', '\u00BF', '\u00FE', '\u00FF', ' ', '\t', '\r', '\n').StartsWith('<');
    }

    /// <summary>Opens it; the reader closes the file.</summary>
    /// <exception cref="ProblemException">The file is missing, or its gz cannot be unpacked; while reading too.</exception>
    public static XmlReader Open(string path) => Workbooks.Xml(Unpack(path));

    /// <summary>What an error of the reader means to the one who sent the file.</summary>
    public static Problem Broken(string file, XmlException error) => Faults.Broken(file, error, Problems.Unreadable);

    private static Stream Unpack(string path)
    {
        using (var plain = Unpacked.Open(path, Container.None, entry: null))
        {
            if (Unpacked.MagicOf(Unpacked.Head(plain, 4), out _) != Magic.Gzip)
            {
                return Unpacked.Open(path, Container.None, entry: null);
            }
        }

        return Unpacked.Open(path, Container.Gzip, entry: null);
    }
}
