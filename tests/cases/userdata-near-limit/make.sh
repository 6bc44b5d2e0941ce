printf 'version: 1\ndescription: "%09500d"\n' 0 >profile.yaml
